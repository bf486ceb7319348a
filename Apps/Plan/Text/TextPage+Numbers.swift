import Kernel

/// Every number of the text that does not agree with the figure it speaks of.
extension TextPage {
    var numbers: HTML {
        let check = check(paragraphs)
        let findings = check.findings.filter { tie in tie.language == paragraphs.first { $0[Paragraph.place] == tie.place }?.texts.original }
        return """
            <p>\(view.say("say.text.numbers-summary", [
                "all": .formatted(view.formats.integer(check.ties.count)), "tied": .formatted(view.formats.integer(check.ties.count { $0.cell != nil })),
            ]))</p>\(table(findings))
            """
    }

    func table(_ ties: [ProseCheck.Tie]) -> HTML {
        guard !ties.isEmpty else { return .empty }
        let rows = ties.map { tie -> HTML in
            let verdict: HTML = tie.finding.map { "\(view.shape("warn", "warn")) \(sentence($0))" } ?? view.state(tie.cell != nil, view.say(tie.cell == nil ? "say.text.untied" : "say.text.tied"))
            return """
                <tr><th scope="row"><a href="\(url: address(tie.place))"><bdi>\(tie.place == "foreword" ? view.say("say.foreword") : tie.place)</bdi></a></th>\
                <td class="n" data-label="\(view.say("say.text.number"))"><bdi>\(shown(tie.number.amount))</bdi></td>\
                <td class="wrap" data-label="\(view.say("say.text.figure"))"><div>\(tie.cell.map(words.place) ?? "—")</div></td><td class="wrap" data-label="\(view.say("say.check.verdict"))"><div>\(verdict)</div></td></tr>

                """
        }
        let heads = ["say.part.paragraph", "say.text.number", "say.text.figure", "say.check.verdict"]
        return view.scroll(view.say("say.text.numbers"), """
            <table class="table snug cards"><caption class="sr">\(view.say("say.text.numbers"))</caption>
            <thead><tr>\(heads.enumerated().map { "<th scope=\"col\"\(attribute: "class", $0 == 1 ? "n" : nil)>\(view.say($1))</th>" as HTML })</tr></thead><tbody>\(rows)</tbody></table>
            """)
    }

    private func sentence(_ finding: ProseCheck.Finding) -> String {
        switch finding {
        case .fault(let verdict): words.sentence(verdict)
        case .otherwise(let object, let nearest):
            view.say("say.text.otherwise", [
                "object": .text(words.object(object)), "cell": .text(words.place(nearest)), "number": .formatted(words.number(book.figures.amounts[nearest], .thousandDollars)),
            ])
        case .role(let other, let isTarget): view.say(isTarget ? "say.text.target-there-actual" : "say.text.actual-there-target", ["other": .text(other)])
        }
    }
}
