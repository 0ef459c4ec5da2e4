// swift-tools-version: 6.2
import PackageDescription

// Fuzz targets, and tools that the tests in Tests/interop drive. They need a package of their own: libFuzzer brings its
// own main, and instruments all that it links. The targets under test are links to the sources, not a dependency on the
// package, so that `package` declarations can be fuzzed and their code is instrumented too.

let swift: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let wrapper: [SwiftSetting] = swift + [.strictMemorySafety()]

/// An executable over libFuzzer; build it with `--sanitize=fuzzer`, as run.sh does.
func fuzzTarget(_ name: String, dependencies: [Target.Dependency]) -> Target {
  .executableTarget(
    name: name, dependencies: dependencies + ["FuzzSupport"],
    swiftSettings: swift + [.unsafeFlags(["-parse-as-library"])])
}

let package = Package(
  name: "fuzz",
  targets: [
    .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1"),
    .target(name: "YAML", dependencies: ["CYAML"], swiftSettings: wrapper),

    .target(name: "CRE2", linkerSettings: [.linkedLibrary("re2")]),
    .systemLibrary(name: "CSodium", pkgConfig: "libsodium"),
    .systemLibrary(name: "CCrypto"),
    .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
    .systemLibrary(name: "CMalloc"),
    .target(
      name: "Ensign", dependencies: ["CCrypto", "CCurl", "CRE2", "CSodium"], exclude: ["Ensign.docc"],
      swiftSettings: swift),
    .target(name: "FlagSource", dependencies: ["YAML", "Ensign", "CMalloc"], swiftSettings: swift),
    .target(name: "FlagCompiler", dependencies: ["FlagSource", "Ensign", "YAML"], swiftSettings: swift),

    // The part of FlagHistory that needs neither Git nor flags.
    .target(name: "Signatures", dependencies: ["Ensign"], swiftSettings: swift),

    .target(name: "FuzzSupport", swiftSettings: swift),
    fuzzTarget("fuzz-yaml", dependencies: ["YAML"]),
    fuzzTarget("fuzz-snapshot", dependencies: ["Ensign"]),
    fuzzTarget("fuzz-envelope", dependencies: ["Ensign"]),
    fuzzTarget("fuzz-trust", dependencies: ["Ensign"]),
    fuzzTarget("fuzz-manifest", dependencies: ["Ensign"]),
    fuzzTarget("fuzz-sshsig", dependencies: ["Signatures"]),
    fuzzTarget("fuzz-tree", dependencies: ["FlagCompiler", "FlagSource", "Ensign", "YAML"]),

    .executableTarget(name: "dump-yaml", dependencies: ["YAML"], swiftSettings: swift),
  ],
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx17
)
