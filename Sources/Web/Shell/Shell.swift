import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore

/// The document around a page: head, top bar, rail, main, keyboard help.
struct Shell: Sendable {
    let platform: Platform
    let options: WebOptions
    /// Changes with the style sheet and the script, so that browsers may keep them.
    let version: String

    /// Turns what a page answered into a response.
    func answer(_ reply: Reply, _ view: View, _ context: WebContext) throws -> Response {
        switch reply {
        case .screen(let screen): return page(view, screen, context)
        case .fragment(let html), .answer(.fragment(let html)): return .html(html)
        case .json(let json), .answer(.json(let json)): return .json(json)
        case .answer(.page(let title, let html)):
            return page(view, Screen(title: title, app: view.app, main: html, layout: layout(of: html), live: view.live, label: view.label), context)
        case .answer(.redirect(let to)): return try answer(.redirect(to, view.accepted.isEmpty ? nil : Flash(nil, sent: view.accepted)), view, context)
        case .answer(.download(let name, let type, let bytes)): return .download(name: name, type: type, bytes)
        case .answer(.document): throw Refusal("printer-missing", .unavailable)
        case .working(let working, let title), .answer(.working(let working, let title)):
            if context.fragment == "working" { return .html(view.working(working)) }
            let whole: HTML = "<h1>\(working.question)</h1>\(view.working(working, isPage: true))"
            return page(view, Screen(title: title, app: view.app, main: whole), context)
        case .redirect(let to, let flash):
            var response = Response.redirect(to)
            if let flash { response.headers.append(HTTPField(name: .setCookie, value: Cookies.flash(flash, isSecure: isSecure))) }
            return response
        case .response(let response): return response
        }
    }

    /// Content that brings its own containers is left as it is; plain content gets the page's measure and rhythm.
    private func layout(of html: HTML) -> Screen.Layout {
        let start = String(decoding: html.bytes.prefix(200), as: UTF8.self).drop { $0.isWhitespace }
        guard start.hasPrefix("<div class=\"") else { return .page }
        let classes = Set(start.dropFirst(12).prefix { $0 != "\"" }.split(separator: " "))
        return classes.isDisjoint(with: ["panes", "room", "budget", "beside"]) ? (classes.contains("page") ? .bare : .page) : .work
    }

    var isSecure: Bool { options.origin?.hasPrefix("https://") ?? false }

    /// The whole document of a page.
    func page(_ view: View, title: String, app: String? = nil, main: HTML, _ context: WebContext) -> Response {
        page(view, Screen(title: title, app: app, main: main), context)
    }

    /// The whole document of a page.
    func page(_ view: View, _ screen: Screen, _ context: WebContext) -> Response {
        let sent = (context.flash?.sent ?? []) + screen.sent
        var html = HTML(capacity: screen.main.bytes.count + 16_384)
        html += head(title: screen.title, context, language: view.language, viewer: view.session.viewer, label: screen.label, now: view.now, ahead: view.ahead)
        html += """
            <body class="app\(screen.layout == .work ? " is-work" : "")"\(attribute: "data-sent", sent.isEmpty ? nil : sent.joined(separator: " "))>
            <a class="skip" href="#main">\(view.say("shell.skip", of: Words.shared))</a>
            \(top(view, context))
            \(rail(view, screen, context))
            \(main(view, screen, context))
            \(keys(view))
            </body></html>
            """
        var response = Response.html(html)
        response.status = screen.status
        for header in screen.headers { response.headers.append(header) }
        if context.flash != nil { response.headers.append(HTTPField(name: .setCookie, value: Cookies.dropFlash(isSecure: isSecure))) }
        return response
    }

    func head(title: String, _ context: WebContext, language: Language, viewer: Viewer?, label: String? = nil, now: Instant, ahead: [String] = []) -> HTML {
        let theme = context.theme == .auto ? nil : context.theme.rawValue
        return """
            <!doctype html>
            <html lang="\(language.rawValue)" dir="\(language.direction)"\(attribute: "data-theme", theme)\
            \(attribute: "data-user", viewer?.id.description) data-now="\(now.iso)"\
            \(attribute: "data-numbers", language == .ar ? "arab" : nil)\(attribute: "data-label", label)>
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(title) · \(platform.configuration.organisation)</title>
            <link rel="icon" href="/assets/mark.svg" type="image/svg+xml">
            <link rel="stylesheet" href="/assets/mandate.css?v=\(version)"><script type="module" src="/assets/mandate.js?v=\(version)"></script>\
            \(ahead.map(hint))</head>

            """
    }

    /// Tells the browser of a file before the script asks for it: on a slow link each round trip counts.
    private func hint(_ file: String) -> HTML {
        file.hasSuffix(".js") ? "<link rel=\"modulepreload\" href=\"/assets/\(file)?v=\(version)\">"
            : "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"/assets/\(file)?v=\(version)\">"
    }

    private func main(_ view: View, _ screen: Screen, _ context: WebContext) -> HTML {
        let live = screen.live.map { "/events?topic=\(AddressText.encode($0))&since=\(context.began.microseconds)" }
        let words = live == nil ? nil : view.say("shell.live.changed", of: Words.shared)
        let content: HTML = switch screen.layout {
        case .page: "<div class=\"page stack\">\(screen.main)</div>"
        case .wide: "<div class=\"page wide stack\">\(screen.main)</div>"
        case .bare, .work: screen.main
        }
        return """
            <main class="main" id="main"\(attribute: "data-live", live)\(attribute: "data-live-words", words)>
            \(demonstration(view))\(flashes(view, context))\(live == nil ? .empty : liveNote(view))\(content)\(screen.working)</main>
            """
    }

    private func flashes(_ view: View, _ context: WebContext) -> HTML {
        guard let flash = context.flash, let key = flash.key else { return .empty }
        let text = view.say(key, of: flash.scope, flash.arguments.mapValues(WordArgument.text))
        return """
            <div class="flashes"><div class="notice is-good flash" role="status">\(view.shape("done"))<div>\(text)</div>\
            <button class="btn small quiet icon js-only end" type="button" data-dismiss aria-label="\(view.say("shell.dismiss", of: Words.shared))">\(view.icon("x"))</button></div></div>
            """
    }

    private func liveNote(_ view: View) -> HTML {
        """
        <div class="notice is-info live-note" data-live-note hidden><div>\(view.say("shell.live.held", of: Words.shared)) \
        <button class="btn small" type="button" data-reload>\(view.say("shell.live.reload", of: Words.shared))</button></div></div>\
        <div class="notice is-warn live-note" data-live-lost hidden><div>\(view.say("shell.live.lost", of: Words.shared))</div></div>
        """
    }

    /// Nobody may mistake the demonstration for the real thing.
    private func demonstration(_ view: View) -> HTML {
        guard platform.configuration.isDemonstration else { return .empty }
        return "<p class=\"sr\">\(view.say("shell.demonstration.long", of: Words.shared))</p>"
    }
}

extension Response {
    static func html(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html.bytes)))
    }

    static func json(_ json: JSON, status: HTTPResponse.Status = .ok) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: json.text)))
    }

    static func text(_ text: String, status: HTTPResponse.Status = .ok, type: String = "text/plain; charset=utf-8") -> Response {
        Response(status: status, headers: [.contentType: type, .cacheControl: "no-store"], body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    /// A file to keep: its name in ASCII for old browsers and in full for all others (RFC 6266).
    static func download(name: String, type: String, _ bytes: [UInt8]) -> Response {
        let plain = String(name.unicodeScalars.map { $0.isASCII && $0.value >= 0x20 && $0 != "\"" && $0 != "\\" && $0.value != 0x7f ? Character($0) : "_" })
        let headers: HTTPFields = [
            .contentType: type, .cacheControl: "private, no-store",
            .contentDisposition: "attachment; filename=\"\(plain)\"; filename*=UTF-8''\(AddressText.encode(name))",
        ]
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
