import ArgumentParser
import Foundation
import Kernel

/// What an installation is told: by option, else by environment (`MANDATE_PORT`), else by the configuration file, else the default.
struct Settings {
    private let file: [String: String]
    private let environment: [String: String]

    /// - Parameter path: the configuration file; by default `MANDATE_CONFIG`, else `mandate.conf` where the command is run, if there is one.
    init(path: String?, environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        self.environment = environment
        let named = path ?? environment["MANDATE_CONFIG"]
        let place = named ?? "mandate.conf"
        guard FileManager.default.fileExists(atPath: place) else {
            if let named { throw Failure("There is no configuration file at \(named). Name another with --config, or leave the option away.", .input) }
            file = [:]
            return
        }
        file = try Settings.read(String(contentsOfFile: place, encoding: .utf8), name: place)
    }

    /// Lines of `name = value`; `#` begins a comment line.
    static func read(_ text: String, name: String) throws -> [String: String] {
        var values: [String: String] = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            guard let equals = line.firstIndex(of: "=") else {
                throw Failure("\(name), line \(number + 1): \"\(line)\" is not of the form name = value.", .input)
            }
            let key = line[..<equals].trimmingCharacters(in: .whitespaces)
            guard Settings.names.contains(key) else {
                throw Failure("\(name), line \(number + 1): there is no setting \"\(key)\". There are: \(Settings.names.joined(separator: ", ")).", .input)
            }
            values[key] = line[line.index(after: equals)...].trimmingCharacters(in: .whitespaces)
        }
        return values
    }

    static let names = ["data", "database", "database-connections", "database-admin", "replica", "replica-within", "host", "port", "origin", "organisation", "languages", "ledger-name", "trust-proxy", "demo", "demo-size", "no-rate-limits", "drain", "webhooks-to-private", "cot", "cot-tls", "cot-certificate", "cot-key", "cot-plain-anywhere", "print-python"]

    func value(_ name: String, _ option: String?) -> String? {
        option ?? environment["MANDATE_" + name.uppercased().replacing("-", with: "_")] ?? file[name]
    }

    func flag(_ name: String, _ option: Bool) throws -> Bool {
        if option { return true }
        guard let text = value(name, nil) else { return false }
        switch text.lowercased() {
        case "true", "yes", "1", "on": return true
        case "false", "no", "0", "off", "": return false
        default: throw Failure("The setting \(name) is \"\(text)\"; it takes yes or no.", .input)
        }
    }

    func number(_ name: String, _ option: Int?, standard: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = value(name, option.map(String.init)) else { return standard }
        guard let number = Int(text), range.contains(number) else {
            throw Failure("The setting \(name) is \"\(text)\"; it takes a whole number from \(range.lowerBound) to \(range.upperBound).", .input)
        }
        return number
    }
}

/// Why a command ended, for the person at the terminal, and the exit code for the program that called it.
struct Failure: Error, CustomStringConvertible {
    enum Code: Int32 {
        /// Something was found wrong: a check failed, a ledger does not verify.
        case found = 1
        /// The command was called wrongly or its input cannot be read.
        case input = 2
        /// The database or the system did not do what was asked.
        case system = 3
    }
    let description: String
    let code: Code
    init(_ description: String, _ code: Code) {
        self.description = description
        self.code = code
    }
}
