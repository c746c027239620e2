#version 330
#include "light.glsl"
// Sclera, iris, pupil and the wet glint of an eyeball.
uniform vec3 iris_colour;
uniform vec3 left_centre;      // of the resting head's left eye; the right one mirrors it
uniform float pupil;

void main() {
    vec3 centre = vec3(sign(at_rest.x) * left_centre.x, left_centre.yz);
    vec3 ray = normalize(at_rest - centre);
    float radius = length(ray.xy) / 0.47;
    float front = step(0.0, ray.z);
    vec3 white = vec3(0.6, 0.55, 0.52) * (1.0 - 0.25 * radius * radius * 0.3);
    float spokes = 0.75 + 0.5 * noise(vec3(atan(ray.y, ray.x) * 6.0, radius * 2.0, 1.0));
    vec3 iris = iris_colour * iris_colour * spokes * (0.6 + 0.7 * radius);
    iris *= 1.0 - 0.75 * smoothstep(0.8, 1.0, radius);
    vec3 albedo = mix(iris, white, smoothstep(0.93, 1.05, radius));
    albedo = mix(vec3(0.008), albedo, smoothstep(pupil - 0.04, pupil + 0.04, radius));
    albedo = mix(white, albedo, front);
    vec3 n = normalize(facing);
    float shadow = 0.35 + 0.65 * lit();
    // The upper lid shades the eye.
    float lid = mix(0.45, 1.0, 1.0 - smoothstep(-0.1, 0.75, ray.y));
    vec3 light = diffuse(n, vec3(0.3), shadow) * lid;
    colour = shown(albedo * light + glint(n, 220.0, shadow) * 0.35);
}
