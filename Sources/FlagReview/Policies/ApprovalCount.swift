internal import FlagHistory
internal import FlagSource
internal import Git

/// Who agreed to a change of an environment by `Approved-by:` trailers.
struct ApprovalCount {
  /// The addresses of those who count, sorted.
  private(set) var approvers: [String] = []
  /// The approvals that do not count, each with the reason, in the order of the commits.
  private(set) var rejected: [String] = []

  private static let trailer = "approved-by"

  /// - Parameters:
  ///   - approvals: what is asked for.
  ///   - owners: those of the manifest that says so.
  ///   - commits: of the change, newest first.
  init(
    _ approvals: Policy.Approvals, owners: [String: Located<Owner>], environment: String, commits: [ReviewedCommit]
  ) {
    let members = Set(approvals.groups.flatMap { owners[$0.value]?.value.members ?? [] }.map(Self.folded))
    let authors = Set(
      commits.lazy.filter { $0.environments.contains(environment) }.map { Self.folded($0.commit.author.email) })
    let graph = Dictionary(commits.map { ($0.commit.id, $0.commit.parents) }) { first, _ in first }
    let touching = commits.filter { $0.environments.contains(environment) }.map(\.commit.id)
    var counted: Set<String> = []
    for commit in commits {
      let found = commit.commit.trailers.filter { Self.folded($0.key) == Self.trailer }
      if found.isEmpty { continue }
      let known = Self.ancestors(of: commit.commit.id, graph)
      let isOutdated = touching.contains { !known.contains($0) }
      for trailer in found {
        let address = Self.address(in: trailer.value)
        if let reason = Self.reason(against: address, members, approvals, authors, commit, isOutdated: isOutdated) {
          rejected.append("\(trailer.value.isEmpty ? "nobody" : trailer.value) \(reason)")
        } else {
          counted.insert(address)
        }
      }
    }
    approvers = counted.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  /// Why an approval does not count, as the end of a sentence; nil when it does.
  private static func reason(
    against address: String, _ members: Set<String>, _ approvals: Policy.Approvals, _ authors: Set<String>,
    _ commit: ReviewedCommit, isOutdated: Bool
  ) -> String? {
    if address.isEmpty { return "is no `Name <email>`" }
    if !approvals.groups.isEmpty, !members.contains(address) { return "is no member" }
    if authors.contains(address) { return "is an author of the change" }
    if isOutdated { return "agreed before a later commit" }
    switch commit.signature.status {
    case .good, .none: return nil
    case .untrusted, .bad, .unknown:
      return "agreed in a commit whose signature is \(commit.signature.status.rawValue)"
    }
  }

  /// A commit and those before it, among those of the change.
  private static func ancestors(of id: ObjectID, _ graph: [ObjectID: [ObjectID]]) -> Set<ObjectID> {
    var known: Set<ObjectID> = [id]
    var rest = [id]
    while let next = rest.popLast() {
      for parent in graph[next] ?? [] where graph[parent] != nil && known.insert(parent).inserted {
        rest.append(parent)
      }
    }
    return known
  }

  /// The address in `Name <email>`, or an address alone; empty when it is neither.
  private static func address(in text: String) -> String {
    let bytes = Array(text.utf8)
    guard let start = bytes.lastIndex(of: UInt8(ascii: "<")) else {
      return bytes.contains(UInt8(ascii: "@")) && !bytes.contains(UInt8(ascii: " ")) ? folded(text) : ""
    }
    guard let end = bytes[start...].firstIndex(of: UInt8(ascii: ">")) else { return "" }
    return folded(String(decoding: bytes[(start + 1)..<end], as: UTF8.self))
  }

  /// The text without the difference of capital letters in ASCII.
  private static func folded(_ text: String) -> String {
    String(decoding: text.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }, as: UTF8.self)
  }
}
