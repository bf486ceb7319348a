extension Fragment {
    /// The statement with its values written into it, for people who would run it themselves, and for views, which take no arguments.
    func written(_ dialect: Dialect) -> String {
        var text = "", rest = arguments[...], quote: Character?
        for character in sql {
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "'" || character == "\"" {
                quote = character
            } else if character == "?", let argument = rest.popFirst() {
                text += dialect.literal(argument)
                continue
            }
            text.append(character)
        }
        return text
    }
}
