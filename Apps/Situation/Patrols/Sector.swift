import Kernel

/// A part of the area of responsibility: whose it is, and its outline. Coverage by patrols is measured over all of them, and over each.
enum Sector: RecordType {
    static let app = "situation"

    static let name      = Key<String>("name", .searchable)
    static let outline   = Key<Place>("outline")
    static let component = Key<UnitID?>("component", .indexed)
    static let label     = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")

    /// Cells of the grid in the box of its outline: a sector is a province or two, not a continent.
    static let mostCells = 200_000

    static let definition = Definition<Sector>(
        name: "sector", plural: "sectors", title: name, subtitle: component,
        layout: [Group("sector", [name, outline, component]), Group("secrecy", [label, compartments])],
        access: [
            .allow(.read, .create, .change, .export, to: .dutyOfficer), .allow(.read, .create, .change, .export, to: .analyst),
            .allow(.read, to: .component), .allow(.read, to: .headquarters),
        ],
        views: [ViewDefinition("all", sort: [.up(name)])], columns: [name, component], unit: component, label: label, compartment: compartments, icon: "map")

    static func prepare(_ draft: inout Record<Sector>, _ session: Session) throws {
        guard let place = draft.value(of: outline) else { return }
        guard place.shape == .area, let area = try? Area(place) else { throw Refusal.rule("not-an-outline", outline, app: app) }
        let step = Double(Coverage.size) / 100
        guard area.box.width * (area.box.north - area.box.south) / (step * step) <= Double(mostCells) else { throw Refusal.rule("outline-too-large", outline, app: app) }
    }
}

extension Record<Sector> {
    /// The cells whose middle lies in it.
    var cells: Set<GridCell> {
        guard let area = try? Area(self[Sector.outline]) else { return [] }
        let size = Coverage.size, step = Double(size) / 100, columns = 36_000 / size
        let first = GridCell(Place.Position(longitude: area.box.west, latitude: area.box.south), size: size)
        let rows = Int((area.box.north - area.box.south) / step) + 1, across = Int(area.box.width / step) + 1
        var cells: Set<GridCell> = []
        for row in first.row...min(first.row + rows, 18_000 / size - 1) {
            for column in 0...across {
                let cell = GridCell(size: size, row: row, column: (first.column + column) % columns)
                if area.contains(cell.middle) { cells.insert(cell) }
            }
        }
        return cells
    }
}

extension GridCell {
    var middle: Place.Position { Place.Position(longitude: west + Double(size) / 200, latitude: south + Double(size) / 200) }
}
