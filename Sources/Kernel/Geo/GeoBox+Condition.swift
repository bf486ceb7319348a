extension Condition {
    /// The places whose centre a box holds, as `GeoBox.contains` has it: ±180° are one meridian, and a pole has every longitude.
    public static func within(_ field: String, _ box: GeoBox) -> Condition {
        if box.width >= 360, box.south == -90, box.north == 90 { return .not(.isNull(field)) }
        var boxes = [Box(box)]
        if !box.crossesAntimeridian, box.width < 360 {
            if box.east == 180 { boxes.append(Box(west: -180, south: box.south, east: -180, north: box.north)) }
            if box.west == -180 { boxes.append(Box(west: 180, south: box.south, east: 180, north: box.north)) }
        }
        for pole in [-90.0, 90] where box.width < 360 && (box.south == pole || box.north == pole) {
            boxes.append(Box(west: -180, south: pole, east: 180, north: pole))
        }
        return Condition.any(boxes.map { .within(field, $0) }).simplified
    }
}
