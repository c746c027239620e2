// Light on a surface: key light with shadow, fill light, sky and ground.
uniform vec3 eye;
uniform vec3 key_direction;
uniform vec3 key_colour;
uniform vec3 fill_direction;
uniform vec3 fill_colour;
uniform vec3 sky_colour;
uniform vec3 ground_colour;
uniform sampler2DShadow shadow_map;
in vec3 world;
in vec3 facing;
in vec3 at_rest;
in float coverage;
in vec3 in_light;
out vec4 colour;

float lit() {
    float sum = 0.0;
    for (int i = -1; i <= 1; i += 2)
        for (int j = -1; j <= 1; j += 2)
            sum += texture(shadow_map, vec3(in_light.xy + vec2(i, j) * 0.004, in_light.z - 0.012));
    return sum * 0.25;
}

// Skin scatters light past the terminator, red the farthest.
vec3 wrapped(float cosine, vec3 wrap) {
    return clamp((vec3(cosine) + wrap) / ((1.0 + wrap) * (1.0 + wrap)), 0.0, 1.0);
}

vec3 diffuse(vec3 n, vec3 wrap, float shadow) {
    vec3 sky = mix(ground_colour, sky_colour, 0.5 + 0.5 * n.y);
    return sky + key_colour * wrapped(dot(n, key_direction), wrap) * shadow
        + fill_colour * wrapped(dot(n, fill_direction), wrap);
}

float highlight(vec3 n, vec3 direction, float sharpness) {
    vec3 halfway = normalize(direction + normalize(eye - world));
    return pow(max(dot(n, halfway), 0.0), sharpness) * (sharpness + 8.0) / 25.0;
}

vec3 glint(vec3 n, float sharpness, float shadow) {
    return key_colour * highlight(n, key_direction, sharpness) * shadow
        + fill_colour * highlight(n, fill_direction, sharpness);
}

// Linear light to what a camera stores: a soft shoulder, then the sRGB curve, near enough.
vec4 shown(vec3 linear) {
    vec3 soft = linear * (1.0 + linear * 0.2) / (1.0 + linear * 0.6);
    return vec4(pow(clamp(soft, 0.0, 1.0), vec3(1.0 / 2.2)), 1.0);
}

float hash(vec3 p) {
    p = fract(p * 0.3183099 + 0.1);
    p *= 17.0;
    return fract(p.x * p.y * p.z * (p.x + p.y + p.z));
}

float noise(vec3 p) {
    vec3 i = floor(p), f = fract(p);
    f = f * f * (3.0 - 2.0 * f);
    return mix(
        mix(mix(hash(i), hash(i + vec3(1, 0, 0)), f.x),
            mix(hash(i + vec3(0, 1, 0)), hash(i + vec3(1, 1, 0)), f.x), f.y),
        mix(mix(hash(i + vec3(0, 0, 1)), hash(i + vec3(1, 0, 1)), f.x),
            mix(hash(i + vec3(0, 1, 1)), hash(i + vec3(1, 1, 1)), f.x), f.y), f.z);
}
