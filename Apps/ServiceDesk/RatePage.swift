import Foundation
import Kernel

/// How good the help was. A link in a mail may choose the stars already; only sending the form counts, so no scanner of links votes.
enum RatePage {
    static let page = Page("portal/requests/{reference}/rate", isInMenu: false, show: show, send: send)

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let request = try PortalRequest.request(view)
        guard request[Request.requester].id == view.session.viewer.id else { throw Refusal.absent }
        let moves = try view.session.moves(request.row).map(\.name)
        guard moves.contains("rate") else { return .redirect("/service-desk/portal/requests/\(request.reference)") }
        let chosen = (view.form["rating"]?.first ?? view.parameter("rating")).flatMap { Int($0) }
        return .page(title: view.say("say.rating.title"), """
        \(view.wayBack)
        <div class="head"><div><h1>\(view.say("say.rating.title"))</h1><p class="muted"><bdi>\(request.reference)</bdi> · <bdi>\(request[Request.subject])</bdi></p></div></div>
        \(view.faultSummary(request.row.schema))\(form(request, view, chosen: chosen))
        """)
    }

    static func form(_ request: Record<Request>, _ view: View, chosen: Int?) -> HTML {
        let stars = (1...5).map { number -> HTML in
            """
            <label><input type="radio" name="rating" value="\(number)"\(flag: "checked", number == chosen) required>\(view.shape("star"))\
            <span>\(view.formats.integer(number))</span><span class="sr">\(view.say("say.rating.\(number)"))</span></label>
            """
        }
        let fault = view.fault("rating")
        let error: HTML = fault.map { "<span class=\"error\" id=\"e-rating\">\(view.shape("bad"))\($0)</span>" } ?? .empty
        return """
        <form class="form" method="post" action="/service-desk/portal/requests/\(request.reference)">\(view.token)
        <fieldset class="rating" id="f-rating"\(attribute: "aria-describedby", fault == nil ? nil : "e-rating")><legend>\(view.say("say.rating.question"))</legend>\(error)<div class="rating-set">\(stars)</div>\
        <div class="rating-ends" aria-hidden="true"><span>\(view.say("say.rating.1"))</span><span>\(view.say("say.rating.5"))</span></div></fieldset>
        \(request.row.schema.field("remark").map { view.field(request.row.schema, $0) })
        <div class="row"><button class="btn primary" name="do" value="rate">\(view.say("request.move.rate"))</button></div></form>
        """
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let request = try PortalRequest.request(view)
        try rate(request, view)
        return .redirect("/service-desk/portal/requests/\(request.reference)")
    }

    static func rate(_ request: Record<Request>, _ view: View) throws {
        let values = try view.values(of: ["rating", "remark"].compactMap(request.row.schema.field))
        try view.session.move(request.row, "rate", values, version: nil)
    }
}
