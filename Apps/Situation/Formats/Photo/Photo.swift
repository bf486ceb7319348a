import Kernel

/// A picture file and what it says beside the picture: where it was taken, and how it is to be turned.
///
/// Taking that out is lossless: the picture's own bytes stay as they are. What is kept is named here, everything else goes, so that nothing unknown stays.
struct Photo: Sendable {
    enum Format: Sendable { case jpeg, png }

    /// Why a file is no such picture.
    enum Fault: Error, Hashable, Sendable {
        /// It begins neither like a JPEG nor like a PNG.
        case format
        /// It ends inside a part, or a part is not of its form.
        case damaged
    }

    let format: Format
    let bytes: [UInt8]
    /// What the file's Exif block says; nil without one that reads.
    let exif: EXIF?
    private let parts: [Part]

    /// A stretch of the file, and whether it belongs to the picture.
    struct Part: Hashable, Sendable {
        let range: Range<Int>
        let isPicture: Bool
    }

    init(_ bytes: [UInt8]) throws(Fault) {
        self.bytes = bytes
        if bytes.starts(with: JPEGFile.mark) {
            let file = try JPEGFile(bytes)
            (format, parts, exif) = (.jpeg, file.parts, file.exif.flatMap { EXIF(bytes[$0]) })
        } else if bytes.starts(with: PNGFile.mark) {
            let file = try PNGFile(bytes)
            (format, parts, exif) = (.png, file.parts, file.exif.flatMap { EXIF(bytes[$0]) })
        } else { throw .format }
    }

    /// The picture without a word about who took it, where, when and with what. A picture that is to be turned keeps that one thing.
    var bare: [UInt8] {
        let kept = parts.filter(\.isPicture).map { bytes[$0.range] }
        let turn = exif?.orientation.flatMap { $0 == 1 ? nil : EXIF.only(orientation: $0) }
        guard let turn, let first = kept.first else { return Array(kept.joined()) }
        let block = format == .jpeg ? JPEGFile.segment(exif: turn) : PNGFile.chunk(exif: turn)
        // Behind the mark of a JPEG, and behind the head (IHDR) of a PNG, which is part of its first stretch.
        return Array(first) + block + Array(kept.dropFirst().joined())
    }
}
