#version 330
// A posed vertex, with its place on the resting head, where everything is painted.
in vec3 position;
in vec3 normal;
in vec3 rest;
in float weight;
uniform mat4 world_to_clip;
uniform mat4 world_to_light;
uniform float lift;
out vec3 world;
out vec3 facing;
out vec3 at_rest;
out float coverage;
out vec3 in_light;

void main() {
    vec4 placed = vec4(position + lift * smoothstep(0.0, 1.0, weight) * normal, 1.0);
    world = placed.xyz;
    facing = normal;
    at_rest = rest;
    coverage = weight;
    in_light = (world_to_light * placed).xyz * 0.5 + 0.5;
    gl_Position = world_to_clip * placed;
}
