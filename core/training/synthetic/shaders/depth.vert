#version 330
in vec3 position;
uniform mat4 world_to_light;

void main() {
    gl_Position = world_to_light * vec4(position, 1.0);
}
