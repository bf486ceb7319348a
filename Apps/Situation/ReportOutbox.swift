import Foundation
import Kernel

/// Reporting on a link that comes and goes: the parts of the report page that let a report wait on the device, and by which one that is sent ten
/// times is one record.
enum ReportOutbox {
    /// A new name for what is about to be sent; a device that keeps reports gives each its own.
    static func key(_ view: View) -> HTML { "<input type=\"hidden\" name=\"key\" value=\"\(view.form["key"]?.first ?? UUID().uuidString.lowercased())\">" }

    /// The name of a sending: who sends, under which key, what. The same page sent again with something else in it is another report.
    static func sentKey(_ view: View) -> String? {
        guard let key = view.sent("key"), UUID(uuidString: key) != nil else { return nil }
        let fields = view.form.filter { $0.key != "key" }.mapValues { JSON.array($0.map(JSON.string)) }
        let files = view.files.mapValues { JSON.array($0.map { .string(Hash(of: $0.bytes).description) }) }
        let told = JSON.array([.string(view.session.viewer.id.description), .string(key.lowercased()), .object(fields), .object(files)])
        return Hash(of: told.bytes).description
    }

    /// Where the record is that an earlier sending made; nil when there was none.
    static func accepted(_ key: String?, _ session: Session) throws -> String? {
        guard let key, let report = try session.first(SourceReport.self, where: SourceReport.sentKey.equals(key)) else { return nil }
        // It may have been merged since into one that the sender may not read: then it was received all the same.
        return "/situation/report" + (try session.record(report[SourceReport.incident]).map { "/" + $0.reference } ?? "")
    }

    /// What waits on the device, with the words that the script needs; what is kept there is said before anybody writes.
    static func section(_ view: View) -> HTML {
        func word(_ name: String) -> String { view.say("say.outbox.\(name)") }
        return """
        <p class="small muted js-only">\(word("kept"))</p>
        <section class="stack snug" id="outbox" hidden aria-labelledby="outbox-title" data-zone="\(view.formats.timeZone.identifier)" data-queued="\(word("queued"))" data-sending="\(word("sending"))" data-stopped-word="\(word("stopped"))" \
        data-accepted="\(word("accepted"))" data-refused="\(word("refused"))" data-edit="\(word("edit"))" data-remove="\(word("remove"))" data-leaving="\(word("leaving"))">\
        <h2 id="outbox-title">\(word("title"))</h2><ul class="list loose" aria-live="polite"></ul></section>
        """
    }
}
