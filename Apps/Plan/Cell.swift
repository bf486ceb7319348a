import Kernel

/// The place of one number in the document.
struct Cell: Hashable, Sendable {
    var part = ResourceLine.Part.table
    /// "29C.11", "29C.V", "29C.69" or "foreword".
    var table: String
    var component: ResourceLine.Component?
    var source: ResourceLine.Source?
    var object: ResourceLine.Object?
    var rank: ResourceLine.Rank?
    var item: String?
    var column: ResourceLine.Column
    var year: Int

    /// The same as one text; what the record's `place` holds.
    var place: String {
        [part.rawValue, table, component?.rawValue, source?.rawValue, object?.rawValue, rank.map { "grade-\($0.rawValue)" }, item, column.rawValue, String(year)]
            .compactMap { $0 }.joined(separator: "/")
    }

    func with(_ column: ResourceLine.Column, _ year: Int) -> Cell {
        var cell = self
        (cell.column, cell.year) = (column, year)
        return cell
    }
}

extension Record<ResourceLine> {
    var cell: Cell {
        Cell(
            part: self[ResourceLine.part], table: self[ResourceLine.table], component: self[ResourceLine.component], source: self[ResourceLine.source],
            object: self[ResourceLine.object], rank: self[ResourceLine.grade], item: self[ResourceLine.item], column: self[ResourceLine.column],
            year: self[ResourceLine.year])
    }
}

/// Posts of one grade and source in one unit.
struct PostCount: Hashable, Sendable {
    var unit: String
    var component: Post.Component
    var source: ResourceLine.Source
    var grade: Post.Grade
    var kind: Post.Kind
    var number: Int
    var note: String?

    var place: String { [component.rawValue, unit, source.rawValue, grade.rawValue, kind.rawValue].joined(separator: "/") }
}

/// Which posts are counted together; nil counts all.
struct PostSet: Hashable, Sendable {
    var source: ResourceLine.Source
    var component: Post.Component?
    var grade: Post.Grade?

    func contains(_ post: PostCount) -> Bool {
        post.source == source && (component.map { $0 == post.component } ?? true) && (grade.map { $0 == post.grade } ?? true)
    }
}

/// All the numbers of a document, by place: what its relations are computed from.
struct Figures: Sendable {
    var symbol: String
    /// "29C": the first part of the names of its tables.
    var section: String
    /// The year proposed for.
    var year: Int
    /// Tenths of the line's unit.
    var amounts: [Cell: Int64] = [:]
    var posts: [PostCount] = []

    /// Posts as the boxes of annex I print them, without what reconciles them with the tables.
    func printedPosts(_ set: PostSet) -> Int { posts.filter { $0.kind != .reconciliation && set.contains($0) }.reduce(0) { $0 + $1.number } }

    /// Posts as approved: boxes and reconciliation.
    func approvedPosts(_ set: PostSet) -> Int { posts.filter(set.contains).reduce(0) { $0 + $1.number } }

    func table(_ number: String) -> String { "\(section).\(number)" }
}
