import Kernel

/// A picture that comes with a report, and the choice of its sender: whether the place that it was taken at is told, or taken out of it.
///
/// Everybody who reads the incident gets the picture without a word about where, when and by whom it was taken. Where the place is to stay, the file as it was
/// taken goes to those who do the work, and its place becomes the incident's if none was written.
struct ReportPhoto {
    enum Choice: String, CaseIterable { case remove, keep }

    let file: SentFile
    let photo: Photo
    let choice: Choice

    /// The picture of a sent form; nil without one.
    init?(_ view: View) throws(Refusal) {
        guard let file = view.files["photo"]?.first else { return nil }
        self.file = file
        choice = view.sent("photo-place").flatMap(Choice.init) ?? .remove
        do { photo = try Photo(file.bytes) } catch {
            throw Refusal(error == .format ? "not-a-photo" : "damaged-photo", field: "photo", scope: Incident.app)
        }
    }

    /// Where it was taken, and within how many metres if the device says so; nil where that is not to be told, or is not known.
    var place: (place: Place, precision: Int?)? {
        guard choice == .keep, let exif = photo.exif, let position = exif.position else { return nil }
        return Place(latitude: position.latitude, longitude: position.longitude).map { ($0, exif.error.map { max(1, Int($0.rounded(.up))) }) }
    }

    func attach(to incident: Row, _ session: Session) throws {
        try session.attach(incident, try session.keep(SentFile(name: file.name, type: file.type, bytes: photo.bare)))
        guard choice == .keep, photo.exif?.position != nil else { return }
        // The reporter may not read internal files and could not attach one.
        try session.asService(Incident.app).attach(incident, try session.keep(file), visibility: .internal)
    }

    // MARK: The form

    static func field(_ view: View) -> HTML {
        let photo = view.control("photo", view.say("say.report.photo"), hint: view.say("say.report.photo-hint")) {
            "<input class=\"input\" type=\"file\" name=\"photo\" accept=\"image/jpeg,image/png\"\($0)>"
        }
        let chosen = view.sent("photo-place").flatMap(Choice.init) ?? .remove
        let choices = Choice.allCases.map { choice -> HTML in
            """
            <label class="choice"><input type="radio" name="photo-place" value="\(choice.rawValue)"\(flag: "checked", choice == chosen)><span>\(view.say("say.report.photo-\(choice.rawValue)"))</span></label>
            """
        }
        return """
        \(photo)
        <fieldset class="field full"><legend>\(view.say("say.report.photo-place"))</legend>\(choices)</fieldset>
        """
    }
}
