#version 330
#include "light.glsl"
// Teeth, gums, lashes, glasses, clothes: one colour.
uniform vec3 base_colour;
uniform float gloss;
uniform float depth_shade;     // how much the inside of the mouth darkens
uniform float grain;
uniform float holes;           // share of upright strips that are not there: lashes are not solid

void main() {
    if (hash(vec3(floor(at_rest.x * 34.0), 0.0, 1.0)) < holes) discard;
    vec3 n = normalize(facing);
    float shadow = lit();
    float inside = mix(1.0, smoothstep(5.0, 11.0, at_rest.z), depth_shade);
    vec3 albedo = base_colour * base_colour * (1.0 - grain + 2.0 * grain * noise(world * 6.0));
    colour = shown((albedo * diffuse(n, vec3(0.2), shadow) + gloss * glint(n, 40.0, shadow)) * inside);
}
