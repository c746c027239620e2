#version 330
#include "light.glsl"
// One of the shells that make up the hair: strands are what the noise leaves.
uniform vec3 base_colour;
uniform float layer;           // 0 on the scalp, 1 outermost
uniform float gloss;
uniform float curl;
uniform vec3 offset;

void main() {
    vec3 centred = at_rest - vec3(0.0, 4.0, 0.0);
    float around = atan(centred.x, centred.y);
    vec3 strand = vec3(around * mix(22.0, 7.0, curl), centred.z * mix(0.45, 2.2, curl), centred.y * mix(0.25, 2.2, curl));
    float s = noise(strand + offset) * 0.6 + noise(strand * 2.7 + offset) * 0.4;
    float edge = coverage + (s - 0.5) * 0.7;
    if (coverage < 0.1 || edge < 0.12 + 0.5 * layer || (layer > 0.0 && s < 0.16 * layer + 0.12)) discard;
    vec3 n = normalize(facing + 0.5 * (s - 0.5));
    float shadow = 0.3 + 0.7 * lit();
    vec3 albedo = base_colour * base_colour * (0.45 + 1.0 * s) * (0.55 + 0.45 * layer);
    vec3 along = normalize(cross(n, vec3(1.0, 0.0, 0.0)) + 0.001);
    float lean = dot(along, normalize(eye - world));
    float sheen = pow(max(1.0 - lean * lean, 0.0), 14.0);
    colour = shown(albedo * diffuse(n, vec3(0.3), shadow) + gloss * (0.3 + s) * (glint(n, 18.0, shadow) * 0.03 + sheen * sky_colour * 0.04));
}
