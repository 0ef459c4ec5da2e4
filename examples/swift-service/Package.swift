// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "checkout-service",
  dependencies: [
    // In a repository of its own: .package(url: …, from: …).
    .package(name: "ensign", path: "../..")
  ],
  targets: [
    .executableTarget(name: "checkout-service", dependencies: [.product(name: "Ensign", package: "ensign")])
  ],
  swiftLanguageModes: [.v6]
)
