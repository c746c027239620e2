#version 330
#include "light.glsl"
// Painted skin with wrinkles that deepen with the action units.
uniform sampler2D paint;       // sRGB colour; alpha: how oily
uniform sampler2D folds_a;     // forehead, glabella, nose bridge, nasolabial
uniform sampler2D folds_b;     // crow's feet, under the eye, corner of the mouth, pores
uniform vec4 fold_left_a;
uniform vec4 fold_left_b;
uniform vec4 fold_right_a;
uniform vec4 fold_right_b;
uniform vec4 canvas;           // left, bottom, width, height in centimetres
uniform vec3 base_colour;
uniform float gloss;

vec3 bumped(vec3 n, float height) {
    vec3 along_x = dFdx(world), along_y = dFdy(world);
    vec3 r1 = cross(along_y, n), r2 = cross(n, along_x);
    float det = dot(along_x, r1);
    vec3 slope = sign(det) * (dFdx(height) * r1 + dFdy(height) * r2);
    return normalize(abs(det) * n - slope);
}

void main() {
    vec2 spot = (at_rest.xy - canvas.xy) / canvas.zw;
    spot.y = 1.0 - spot.y;  // painted from the top row
    float front = smoothstep(-1.0, 3.0, at_rest.z);
    float side = smoothstep(-0.4, 0.4, at_rest.x);
    vec4 a = texture(folds_a, spot), b = texture(folds_b, spot);
    float fold = dot(a, mix(fold_right_a, fold_left_a, side)) + dot(b, mix(fold_right_b, fold_left_b, side));
    fold *= front;
    vec3 n = bumped(normalize(facing), -fold);
    vec4 painted = texture(paint, spot);
    vec3 albedo = mix(base_colour, painted.rgb, front);
    albedo *= albedo;  // sRGB to linear, near enough
    float crease = clamp(1.0 - 5.0 * max(fold, 0.0), 0.35, 1.0);
    albedo *= mix(vec3(1.0), vec3(1.0, 0.92, 0.9) * crease, step(0.001, fold));
    float shadow = lit();
    vec3 wrap = vec3(0.45, 0.25, 0.18);
    vec3 light = diffuse(n, wrap, shadow);
    float rim = pow(1.0 - max(dot(n, normalize(eye - world)), 0.0), 4.0);
    vec3 shine = gloss * painted.a * (glint(n, 12.0, shadow) * 0.05 + glint(n, 45.0, shadow) * 0.05);
    colour = shown(albedo * light + shine + rim * 0.04 * sky_colour);
}
