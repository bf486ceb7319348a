// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// An app is a folder in `Apps/`: its declarations, its words in six languages, its demonstration data, its tests.
/// It imports Kernel and nothing else; a new app is added to this list and to `Sources/Server/Apps.swift`.
let apps: [String] = ["ServiceDesk", "Situation", "Organisation", "Plan", "Analytics"]

/// Folders of an app that go with it beside its words: demonstration data, reference data.
let data = ["ServiceDesk": ["Demo"], "Situation": ["Demo"], "Organisation": ["Demo"], "Plan": ["Demo", "Reference"]]

func app(_ name: String) -> [Target] {
    [
        .target(
            name: name, dependencies: ["Kernel"], path: "Apps/\(name)",
            exclude: ["README.md", "Tests"], resources: (["Words"] + (data[name] ?? [])).map { .copy($0) }, swiftSettings: settings),
        .testTarget(
            name: "\(name)Tests", dependencies: [.byName(name: name), "Kernel", "TestKit"],
            path: "Apps/\(name)/Tests", swiftSettings: settings),
    ]
}

let package = Package(
    name: "mandate",
    products: [.executable(name: "mandate", targets: ["Server"]), .executable(name: "bench", targets: ["Benchmarks"])],
    dependencies: [
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1", traits: []),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.0"),
    ],
    targets: [
        .target(name: "Kernel", dependencies: [.product(name: "Crypto", package: "swift-crypto")], swiftSettings: settings),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"]), .brew(["libpq"])]),
        .systemLibrary(name: "CMalloc"),
        .target(name: "Store", dependencies: ["Kernel", "CPostgres", .product(name: "GRDB", package: "GRDB.swift"), .product(name: "GRDBSQLite", package: "GRDB.swift")], swiftSettings: settings),
        .target(
            name: "Web",
            dependencies: [
                "Kernel",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            resources: [.copy("Public"), .copy("Words"), .copy("Print")], swiftSettings: settings),
        .target(name: "TestKit", dependencies: ["Kernel", "Store", "Web"], swiftSettings: settings),
        .testTarget(name: "KernelTests", dependencies: ["Kernel", "TestKit"], resources: [.copy("Vectors")], swiftSettings: settings),
        .testTarget(name: "StoreTests", dependencies: ["Kernel", "Store", "TestKit", .product(name: "GRDB", package: "GRDB.swift")], swiftSettings: settings),
        .testTarget(name: "WebTests", dependencies: ["Kernel", "Store", "Web", "TestKit"] + apps.map { .byName(name: $0) }, swiftSettings: settings),
        .testTarget(
            name: "ContractTests", dependencies: ["Kernel", "Store", "Web", "TestKit"] + apps.map { .byName(name: $0) },
            resources: [.copy("Example/Words")], swiftSettings: settings),
        .executableTarget(
            name: "Server",
            dependencies: [
                "Kernel", "Store", "Web", "CMalloc", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]
                + apps.map { .byName(name: $0) },
            swiftSettings: settings),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "Kernel", "Store", "Web", "Organisation", "ServiceDesk", "Situation", .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            path: "Benchmarks", exclude: ["run", "latency.lua"], swiftSettings: settings),
    ] + apps.flatMap(app)
)
