"""From pictures to faces: frames, detectors, tracking, crops, quality, photos, annotation."""
