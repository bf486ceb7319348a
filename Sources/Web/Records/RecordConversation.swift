import Foundation
import Kernel

/// Messages, files and tags of a record.
struct RecordConversation {
    let page: RecordPage

    private var view: View { page.view }
    private var record: RecordView { page.record }
    private var row: Row { page.row }
    private var features: Set<Feature> { page.schema.features }

    func html() throws -> HTML {
        let talk = features.contains(.comments) ? try conversation() : .empty
        let files = features.contains(.attachments) ? try attachments() : .empty
        return talk + files
    }

    // MARK: Messages

    private func conversation() throws -> HTML {
        let comments = try page.session.comments(row)
        let late = comments.suffix(20)
        let early = comments.dropLast(20)
        let before: HTML = early.isEmpty ? .empty : """
            <details class="more-box" id="earlier"><summary>\(record.say("talk.earlier", ["n": .count(early.count)]))</summary><div class="stack">\(early.map(message))</div></details>
            """
        let none: HTML = comments.isEmpty ? "<p class=\"muted\">\(record.say("talk.none"))</p>" : .empty
        return """
            <section class="stack" aria-labelledby="talk"><h2 id="talk">\(record.say("talk"))</h2>
            <div class="stack" data-region="talk">\(before)\(late.map(message))\(none)</div>\(try composer())</section>
            """
    }

    private func message(_ comment: Comment) -> HTML {
        let isNote = comment.visibility == .internal
        let note: HTML = isNote ? "<span class=\"state is-warn\">\(view.shape("lock"))\(record.say("talk.note"))</span>" : .empty
        let name = comment.by == page.session.viewer.id ? record.say("you") : comment.author
        let channel = page.platform(word: "records.channel.\(comment.channel)")
        let language = comment.language.flatMap { $0 == view.language ? nil : $0 }
        return """
            <article class="msg\(isNote ? " note" : "")" id="m-\(comment.id.description)">\(view.avatar(comment.author))<header><b><bdi>\(name)</bdi></b>\
            <span class="muted">\(channel)</span>\(note)\(view.time(comment.at))</header>
            <div class="body prose" dir="auto"\(attribute: "lang", language?.rawValue)>\(Markdown.html(comment.body))</div></article>

            """
    }

    private func composer() throws -> HTML {
        guard try page.session.mayComment(row) else { return .empty }
        let key = row.id.description
        let note: HTML = page.open.contains(.internal) ? """
            <details class="more-box" id="write-note"><summary>\(view.icon("lock"))\(record.say("talk.write-note"))</summary>
            <form class="stack snug" method="post" action="\(page.href)/comments" data-draft="note-\(key)">\(view.token)<input type="hidden" name="visibility" value="internal">
            <div class="field"><label for="note">\(record.say("talk.note"))</label><textarea class="input" id="note" name="body" required maxlength="20000" dir="auto"></textarea></div>
            <div class="row"><button class="btn small">\(record.say("talk.keep-note"))</button></div></form></details>
            """ : .empty
        return """
            <form class="stack snug" method="post" action="\(page.href)/comments" data-draft="reply-\(key)">\(view.token)<input type="hidden" name="visibility" value="open">
            <div class="field"><label for="reply">\(record.say("talk.reply"))</label><textarea class="input" id="reply" name="body" required maxlength="20000" dir="auto"></textarea></div>
            <div class="row"><button class="btn small primary">\(record.say("talk.send"))</button></div></form>\(note)
            """
    }

    // MARK: Files

    private func attachments() throws -> HTML {
        let attachments = try page.session.attachments(row)
        let items: [HTML] = attachments.map { attachment in
            let lock: HTML = attachment.visibility == .internal ? "<span class=\"state is-warn\">\(view.shape("lock"))\(record.say("talk.note"))</span>" : .empty
            return """
                <li>\(view.icon("file"))<a href="\(page.href)/attachments/\(attachment.id.description)"><bdi>\(attachment.file.name)</bdi></a>\
                <span class="muted num">\(view.formats.fileSize(attachment.file.size))</span>\(lock)<span class="end muted">\(record.person(attachment.by)) \(view.time(attachment.at))</span></li>

                """
        }
        let list: HTML = items.isEmpty ? "<p class=\"muted\">\(record.say("files.none"))</p>" : "<ul class=\"files\">\(items)</ul>"
        return """
            <section class="stack snug" aria-labelledby="files"><h2 id="files">\(record.say("files"))</h2><div data-region="files">\(list)</div>\(try upload())</section>
            """
    }

    private func upload() throws -> HTML {
        let mayComment = try page.session.mayComment(row)
        guard try mayComment || page.session.mayChange(row) else { return .empty }
        let most = AttachmentPages.mostBytes
        let visibility: HTML = page.open.contains(.internal) ? """
            <label class="choice"><input type="checkbox" name="visibility" value="internal"><span>\(record.say("files.internal"))</span></label>
            """ : .empty
        return """
            <details class="more-box" id="attach"><summary>\(view.icon("clip"))\(record.say("files.add"))</summary>
            <form class="stack snug" method="post" action="\(page.href)/attachments" enctype="multipart/form-data">\(view.token)
            <div class="field"><label for="file">\(record.say("files.choose"))</label><div class="drop"><input type="file" id="file" name="file" multiple required data-max-bytes="\(most)" \
            data-too-large="\(record.say("files.too-large", ["max": .formatted("{max}")]))"></div>\
            <span class="hint">\(record.say("files.most", ["max": .formatted(view.formats.fileSize(most))]))</span></div>
            \(visibility)<div class="row"><button class="btn small">\(record.say("files.send"))</button></div></form></details>
            """
    }
}

extension RecordPage {
    /// A word of the platform, or nothing when there is none.
    func platform(word key: String) -> String {
        record.platform.words.has(key, scope: Words.shared, language: .en) ? view.say(key, of: Words.shared) : ""
    }
}
