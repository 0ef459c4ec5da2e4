// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 mode (package-wide, below), no warning tolerated, imports internal unless
/// a public signature needs them.
let swift: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// Settings of the targets that only the command is made of.
///
/// A generic type is asked for by a call, not by a name that the runtime has to take apart first: a fifth of a
/// millisecond for a command that meets a hundred of them. Each function has a section of its own, so that the linker can
/// leave out what nobody calls, and put side by side what a start calls.
let command: [SwiftSetting] =
  swift + [
    .unsafeFlags(
      [
        "-Xfrontend", "-disable-concrete-type-metadata-mangled-name-accessors", "-Xfrontend", "-function-sections",
      ], .when(configuration: .release))
  ]

/// Settings of the targets that speak to C, for the command alone: every unsafe expression is marked as such.
let wrapper: [SwiftSetting] = command + [.strictMemorySafety()]

/// How the command is linked for release, so that it starts fast.
///
/// lld, which comes with Swift, writes relocations in the compact form (a tenth of the size, half of the time). It puts
/// the functions that a start calls side by side, by a list that `Tests/start-order` makes: half as many traps for pages
/// of code, a tenth of the time of a short command. (Names that are not there any more do no harm.) And it writes the
/// program in one go, not through a mapping, so that the system keeps it in large pages: the lld of Swift 6.3, 21.0,
/// takes `--mmap-output-file` the wrong way round, others do what they do without it. C++'s
/// library is linked statically: `-lstdc++`, which Swift itself asks for, finds a linker script in the folder below
/// first. Symbols are not exported, as nothing is loaded that would look for them. Flags like these are refused in
/// a package's dependencies, so they must stay off the targets of the library.
let quickStart: [LinkerSetting] = [
  .unsafeFlags(
    [
      "-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--no-export-dynamic",
      "-Xlinker", "--symbol-ordering-file=\(Context.packageDirectory)/Sources/ensign/linking/start.order",
      "-Xlinker", "--no-warn-symbol-ordering", "-Xlinker", "--mmap-output-file",
      "-L", "\(Context.packageDirectory)/Sources/CRE2/linking", "-Xclang-linker", "-static-libgcc",
    ], .when(platforms: [.linux], configuration: .release))
]

let package = Package(
  name: "ensign",
  products: [
    .library(name: "Ensign", targets: ["Ensign"]),
    .executable(name: "ensign", targets: ["ensign"]),
    .executable(name: "ensign-bench", targets: ["ensign-bench"]),
  ],
  targets: [
    // C libraries of Debian 12, a module map each. They are linked statically: each shared library costs a command
    // a tenth of a millisecond at its start, RE2 a third of one. CCurl and CMicroHTTPD load their libraries on first use,
    // because loading and initialising these costs more than all else a command without HTTP does.
    .systemLibrary(name: "CYAML", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(name: "CCurl", providers: [.apt(["libcurl4-openssl-dev"])]),
    .systemLibrary(name: "CMicroHTTPD", providers: [.apt(["libmicrohttpd-dev"])]),
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CSodium", providers: [.apt(["libsodium-dev"])]),
    .systemLibrary(name: "CCrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CDeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    // RE2 is C++: a C interface over it.
    .target(
      name: "CRE2", exclude: ["linking"], linkerSettings: [.linkedLibrary(":libre2.a"), .linkedLibrary("stdc++")]),

    // libgit2, linked statically too, without what speaks to servers: that would need SSH, TLS and Kerberos.
    .target(
      name: "CGit2",
      linkerSettings: [":libgit2.a", ":libhttp_parser.a", ":libmbedcrypto.a", ":libpcre2-8.a", ":libz.a"].map {
        .linkedLibrary($0)
      }),

    // The words of the command line, without the search that Swift's library would make for them.
    .target(name: "CArguments"),

    // Wrappers that know nothing of flags.
    .target(name: "YAML", dependencies: ["CYAML"], swiftSettings: wrapper),
    .target(name: "Git", dependencies: ["CDeflate", "CGit2"], swiftSettings: wrapper),
    .target(name: "HTTP", dependencies: ["CMicroHTTPD"], swiftSettings: wrapper),
    .target(name: "Compression", dependencies: ["CDeflate", "CZstd"], swiftSettings: wrapper),

    // The runtime library: all that a service links.
    .target(
      name: "Ensign", dependencies: ["CCrypto", "CCurl", "CRE2", "CSodium"], exclude: ["Ensign.docc"],
      swiftSettings: swift),

    // The authoring side.
    .target(name: "FlagSource", dependencies: ["YAML", "Ensign", "CMalloc"], swiftSettings: command),
    .target(name: "FlagCompiler", dependencies: ["FlagSource", "Ensign", "YAML"], swiftSettings: command),
    .target(
      name: "FlagImpact", dependencies: ["Ensign"],
      swiftSettings: command + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]),
    .target(
      name: "FlagReview",
      dependencies: ["Ensign", "FlagCompiler", "FlagHistory", "FlagImpact", "FlagSource", "Git", "YAML"],
      swiftSettings: command),
    .target(name: "FlagEditor", dependencies: ["YAML", "Ensign", "FlagSource"], swiftSettings: command),
    .target(
      name: "FlagHistory", dependencies: ["Git", "YAML", "Ensign", "FlagSource", "FlagCompiler"], swiftSettings: command
    ),

    .target(
      name: "FlagPublisher",
      dependencies: ["Compression", "CSodium", "Ensign", "FlagCompiler", "FlagHistory", "FlagSource", "Git"],
      swiftSettings: command),

    // What is served, and how: routes as functions from requests to responses.
    .target(
      name: "FlagServer",
      dependencies: [
        "Compression", "CSodium", "Ensign", "FlagCompiler", "FlagHistory", "FlagPublisher", "FlagSource", "HTTP",
        "YAML",
      ],
      swiftSettings: command),

    .executableTarget(
      name: "ensign",
      dependencies: [
        "CArguments", "Ensign", "YAML", "Git", "FlagSource", "FlagCompiler", "FlagEditor", "FlagHistory",
        "FlagPublisher", "FlagReview", "FlagServer", "HTTP",
      ],
      exclude: ["linking"], swiftSettings: command, linkerSettings: quickStart),

    // Benchmarks, with their baselines in C.
    .target(name: "CBench", dependencies: ["CYAML", "CGit2"]),
    .executableTarget(name: "ensign-bench-git", linkerSettings: [.linkedLibrary("git2")]),
    .executableTarget(
      name: "ensign-bench",
      dependencies: [
        "CBench", "Ensign", "YAML", "Git", "FlagSource", "FlagCompiler", "FlagHistory", "FlagImpact", "FlagServer",
      ],
      swiftSettings: swift),

    // Of the tests alone.
    .target(name: "SeededRandom", path: "Tests/SeededRandom", swiftSettings: swift),
    .target(name: "TestPrograms", path: "Tests/TestPrograms", swiftSettings: swift),

    .testTarget(
      name: "YAMLTests", dependencies: ["YAML", "SeededRandom"], exclude: ["Fixtures"], swiftSettings: swift),
    .testTarget(name: "GitTests", dependencies: ["Git", "SeededRandom", "TestPrograms"], swiftSettings: swift),
    .testTarget(
      name: "EnsignTests", dependencies: ["Ensign", "SeededRandom"], exclude: ["Fixtures"], swiftSettings: swift),
    .testTarget(
      name: "FlagSourceTests", dependencies: ["FlagSource", "YAML", "SeededRandom"], exclude: ["Fixtures"],
      swiftSettings: swift),
    .testTarget(
      name: "FlagCompilerTests", dependencies: ["FlagCompiler", "FlagSource", "Ensign", "YAML", "SeededRandom"],
      swiftSettings: swift),
    .testTarget(
      name: "FlagHistoryTests",
      dependencies: [
        "FlagHistory", "FlagCompiler", "FlagSource", "Ensign", "Git", "YAML", "SeededRandom", "TestPrograms",
      ],
      exclude: ["Fixtures"], swiftSettings: swift),
    .testTarget(
      name: "FlagEditorTests", dependencies: ["FlagEditor", "FlagSource", "Ensign", "YAML", "SeededRandom"],
      swiftSettings: swift),
    .testTarget(
      name: "FlagReviewTests",
      dependencies: [
        "FlagReview", "FlagImpact", "FlagCompiler", "FlagHistory", "FlagSource", "Ensign", "Git", "YAML",
        "SeededRandom",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "FlagImpactTests", dependencies: ["FlagImpact", "FlagCompiler", "FlagSource", "Ensign", "SeededRandom"],
      swiftSettings: swift),
    .testTarget(name: "HTTPTests", dependencies: ["HTTP"], swiftSettings: swift),
    .testTarget(name: "CompressionTests", dependencies: ["Compression"], swiftSettings: swift),
    .testTarget(
      name: "FlagPublisherTests",
      dependencies: [
        "Compression", "Ensign", "FlagCompiler", "FlagHistory", "FlagPublisher", "FlagSource", "Git", "SeededRandom",
      ],
      swiftSettings: swift),
    .testTarget(
      name: "FlagServerTests",
      dependencies: ["Ensign", "FlagCompiler", "FlagPublisher", "FlagServer", "FlagSource", "SeededRandom"],
      swiftSettings: swift),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["Compression", "ensign", "Ensign", "FlagServer", "FlagSource", "TestPrograms"],
      exclude: ["Fixtures"],
      swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6],
  cLanguageStandard: .gnu11,
  cxxLanguageStandard: .cxx17
)

// ENSIGN_TESTS names test targets: the package is then these and what they need. The sanitizers build everything anew, and
// would spend half of their time on what they do not run.
if let names = Context.environment["ENSIGN_TESTS"] {
  var needed = Set(names.split(separator: " ").map(String.init))
  var known = 0
  while known < needed.count {
    known = needed.count
    for target in package.targets where needed.contains(target.name) {
      for dependency in target.dependencies {
        if case .byNameItem(let name, _) = dependency { needed.insert(name) }
      }
    }
  }
  package.targets.removeAll { !needed.contains($0.name) }
  package.products = []
}
