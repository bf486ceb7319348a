import Kernel

/// A shape as a file gives it, before anything is known of it.
struct RawShape {
    var shape: Place.Shape
    var positions: [Place.Position]
    /// As many as positions, or none.
    var stamps: [Instant?] = []
    /// Rings inside the outer one, which a place cannot hold.
    var holes = 0
    var path: String
}

/// Turns shapes into places, refusing what is none.
struct ShapeChecker {
    let source: ExchangeSource

    func place(_ raw: RawShape, _ notes: inout RowNotes) throws(ExchangeFault) -> Place {
        let least = switch raw.shape { case .point: 1; case .line: 2; case .area: 4 }
        guard raw.positions.count >= least else {
            let code: ExchangeFault.Code = switch raw.shape { case .point: .emptyGeometry; case .line: .lineTooShort; case .area: .ringTooShort }
            throw ExchangeFault(code, path: raw.path, ["count": String(raw.positions.count)])
        }
        let most = raw.shape == .area ? source.limits.ringPositions : source.limits.linePositions
        guard raw.positions.count <= most else { throw ExchangeFault(.shapeTooLong, path: raw.path, ["most": String(most)]) }
        if let index = raw.positions.firstIndex(where: { fault(of: $0) != nil }), let code = fault(of: raw.positions[index]) {
            let (latitude, longitude) = (raw.positions[index].latitude, raw.positions[index].longitude)
            throw ExchangeFault(
                code, path: raw.shape == .point ? raw.path : "\(raw.path)[\(index)]", ["latitude": String(latitude), "longitude": String(longitude)])
        }
        switch raw.shape {
        case .point: break
        case .line: if Antimeridian.isCrossed(by: raw.positions) { notes.note(.antimeridian, at: raw.path) }
        case .area: try checkRing(raw, &notes)
        }
        lookAt(raw, &notes)
        if raw.holes > 0 { notes.note(.holesDropped, at: raw.path, ["count": String(raw.holes)]) }
        guard let place = Place(raw.shape, raw.positions) else { throw ExchangeFault(.badPosition, path: raw.path) }
        return place
    }

    /// RFC 7946 §3.1.1: longitude first. A latitude beyond a pole is often a longitude in the wrong place.
    private func fault(of position: Place.Position) -> ExchangeFault.Code? {
        let (longitude, latitude) = (position.longitude, position.latitude)
        guard latitude.isFinite, longitude.isFinite else { return .notFinite }
        guard abs(latitude) <= 90 else { return abs(latitude) <= 180 && abs(longitude) <= 90 ? .axesSwapped : .latitudeRange }
        return abs(longitude) <= 180 ? nil : .longitudeRange
    }

    /// RFC 7946 §3.1.6: a linear ring is closed and has four or more positions. That it is simple is asked by OGC 06-103r4 §6.1.11.
    private func checkRing(_ raw: RawShape, _ notes: inout RowNotes) throws(ExchangeFault) {
        guard raw.positions.first == raw.positions.last else { throw ExchangeFault(.ringOpen, path: raw.path) }
        if Antimeridian.isCrossed(by: raw.positions) { notes.note(.antimeridian, at: raw.path) }
        guard let fault = RingCheck.fault(of: raw.positions) else { return }
        let (code, index): (ExchangeFault.Code, Int?) = switch fault {
        case .aroundPole: (.ringAroundPole, nil)
        case .flat: (.ringFlat, nil)
        case .touches(let index): (.ringTouches, index)
        case .crosses(let index): (.ringCrosses, index)
        }
        throw ExchangeFault(code, path: index.map { "\(raw.path)[\($0)]" } ?? raw.path, ["count": String(raw.positions.count)])
    }

    /// What is possible and yet probably a mistake.
    private func lookAt(_ raw: RawShape, _ notes: inout RowNotes) {
        guard let first = raw.positions.first else { return }
        if raw.positions.allSatisfy({ $0.longitude == 0 && $0.latitude == 0 }) { notes.note(.nullIsland, at: raw.path) }
        guard let area = source.area, !raw.positions.contains(where: { area.contains(longitude: $0.longitude, latitude: $0.latitude) }) else { return }
        let shown = ["latitude": String(first.latitude), "longitude": String(first.longitude)]
        // Axes suspicion: the same numbers the other way round would lie where they should.
        let isSwapped = raw.positions.allSatisfy { abs($0.longitude) <= 90 && area.contains(longitude: $0.latitude, latitude: $0.longitude) }
        notes.note(isSwapped ? .axesSuspicious : .outsideArea, at: raw.path, shown)
    }

    // MARK: Parts

    /// The features of one row: none of its shapes, one, or one for each part. Either all parts are places or the row is refused.
    func features(_ base: ExchangeFeature, _ shapes: [RawShape], _ notes: inout RowNotes) throws(ExchangeFault) -> [ExchangeFeature] {
        guard shapes.count > 1 else {
            guard let only = shapes.first else { return [base] }
            return [try feature(base, only, &notes)]
        }
        guard shapes.count <= source.limits.parts else { throw ExchangeFault(.tooManyParts, ["most": String(source.limits.parts)]) }
        let joined = Antimeridian.joined(shapes)
        if joined.count == 1 { return [try feature(base, joined[0], &notes)] }
        guard source.parts == .split else { throw ExchangeFault(.partsRefused, ["count": String(joined.count)]) }
        notes.note(.parts, ["count": String(joined.count)])
        var features: [ExchangeFeature] = []
        for (index, shape) in joined.enumerated() {
            var part = try feature(base, shape, &notes)
            part.sourceID = base.sourceID.map { "\($0)/\(index + 1)" }
            features.append(part)
        }
        return features
    }

    private func feature(_ base: ExchangeFeature, _ raw: RawShape, _ notes: inout RowNotes) throws(ExchangeFault) -> ExchangeFeature {
        var feature = base
        feature.place = try place(raw, &notes)
        feature.stamps = raw.stamps.contains { $0 != nil } ? raw.stamps : []
        let known = feature.stamps.compactMap(\.self)
        if zip(known, known.dropFirst()).contains(where: { $0 > $1 }) { notes.note(.trackBackwards, at: raw.path) }
        if feature.time == nil, let first = known.min(), let last = known.max() { feature.time = ExchangeTime(first, last, precision: .exact) }
        return feature
    }
}
