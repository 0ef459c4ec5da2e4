internal import Glibc

/// A published store with a snapshot of a size, and versions of its manifest to come.
struct ServedStore {
  let path: String
  let trust: String
  let environment: String
  /// The digest of the first snapshot.
  let sha256: String
  /// Bytes of the first snapshot.
  let size: Int
  private let versions: String

  /// Generates, signs and publishes; one version of the environment for each commit.
  init(_ options: Options, flags: Int, versions count: Int, in folder: String) throws {
    path = "\(folder)/store"
    trust = "\(path)/trust/1.json"
    versions = "\(folder)/versions"
    environment = "production"
    let tree = "\(folder)/tree"
    try FileSystem.makeFolder(tree)
    try FileSystem.makeFolder(versions)
    try GeneratedRepository(options, flags: flags, folder: tree).write(commits: true)
    let keys = ["root", "publish"].map { "\(folder)/\($0).key" }
    for key in keys { _ = try ChildProcess(options.ensign, ["key", "new", "--no-passphrase", "--out", key]).run() }
    _ = try ChildProcess(
      options.ensign, ["trust", "init", "--root", keys[0], "--publish", keys[1], "--store", path]
    ).run()
    let latest = "\(path)/environments/\(environment)/latest.json"
    for version in 1...count {
      if version > 1 {
        let git = ["-C", tree, "-c", "user.name=bench", "-c", "user.email=bench@example.com"]
        _ = try ChildProcess("git", git + ["commit", "-q", "--allow-empty", "-m", "\(version)"]).run()
      }
      let command = ["publish", "--environment", environment, "--store", path, "--key", keys[1]]
      _ = try ChildProcess(options.ensign, command + ["--ref", "refs/heads/main", "--flags", "\(tree)/flags"]).run()
      try Self.copy(latest, to: "\(versions)/\(version).json")
    }
    try Self.copy("\(versions)/1.json", to: latest)
    let blobs = try FileSystem.files(below: "\(path)/blobs/sha256", suffix: "").filter {
      !$0.hasSuffix(".gz") && !$0.hasSuffix(".zst")
    }
    guard let blob = blobs.first, let name = blob.split(separator: "/").last else { throw Failure("no snapshot") }
    sha256 = String(name)
    size = try FileSystem.read(blob).count
  }

  private static func copy(_ source: String, to target: String) throws {
    try FileSystem.write(String(decoding: try FileSystem.read(source), as: UTF8.self), to: target)
  }

  /// Puts a version in force, as a publisher does: written beside its place, then renamed.
  func publish(_ version: Int) throws {
    let latest = "\(path)/environments/\(environment)/latest.json"
    try Self.copy("\(versions)/\(version).json", to: latest + ".new")
    guard rename(latest + ".new", latest) == 0 else { throw Failure("rename", errno: errno) }
  }
}
