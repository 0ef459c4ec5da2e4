internal import FlagServer

/// `ensign token new`.
struct TokenNewCommand: CommandBody {
  var environments: [String] = []
  var scope: AccessScope?
  var name: String?
  var tokens: String?

  func run(_ operands: [String], in session: Session) throws(CommandError) -> CommandStatus {
    let scope = try checkedScope()
    let secret = TokenSecret()
    let token: AccessToken
    if let tokens {
      token = try append(scope, secret, to: tokens, in: session)
    } else {
      token = try make(scope, secret, beside: [])
      session.console.message("the line for the file of tokens:")
      session.console.message(token.line)
    }
    session.console.output.line(secret.text)
    session.summary(
      "\(token.name): \(scope.rawValue) in \(token.environments.joined(separator: ", ")); the secret is not shown again"
    )
    return .done
  }

  private func checkedScope() throws(CommandError) -> AccessScope {
    guard !environments.isEmpty else {
      throw .usage("token new needs to know for what: --environment NAME, repeatable")
    }
    for (index, environment) in environments.enumerated() {
      guard AccessToken.isName(environment) else {
        throw .usage("--environment \(environment): this is no name of an environment")
      }
      if environments[..<index].contains(environment) {
        throw .usage("--environment \(environment) is given twice")
      }
    }
    guard let scope else {
      let words = AccessScope.allCases.map(\.rawValue).joined(separator: ", ")
      throw .usage("token new needs to know for what: --scope with one of \(words)")
    }
    if let name, !AccessToken.isName(name) {
      throw .usage("--name \(name): a name has letters, digits, '.', '_' and '-', and 64 of them at most")
    }
    return scope
  }

  private func append(
    _ scope: AccessScope, _ secret: TokenSecret, to path: String, in session: Session
  ) throws(CommandError) -> AccessToken {
    var made: AccessToken?
    try AppendedFile.append(to: session.console.absolute(path), limit: TokenFile.maximumSize) {
      content throws(CommandError) in
      let known: [AccessToken]
      do throws(TokenFileError) {
        known = try TokenFile.parse(content)
      } catch {
        throw .refused("\(path):\(error)", help: "repair the file first")
      }
      let token = try make(scope, secret, beside: known)
      made = token
      let start = content.isEmpty ? TokenFile.header : content.last == UInt8(ascii: "\n") ? "" : "\n"
      return Array((start + token.line + "\n").utf8)
    }
    guard let made else { throw .environment("nothing was written to \(path)") }
    return made
  }

  private func make(
    _ scope: AccessScope, _ secret: TokenSecret, beside known: [AccessToken]
  ) throws(CommandError) -> AccessToken {
    let taken = Set(known.map(\.name))
    if let name, taken.contains(name) {
      throw .refused("there is a token '\(name)' already", help: "choose another name, or take its line away first")
    }
    return AccessToken(
      name: name ?? Self.free("\(scope.rawValue)-\(environments[0])", taken), scope: scope,
      environments: environments, digest: secret.digest)
  }

  /// A name that is not taken: with a number behind it, from 2 on, if need be.
  private static func free(_ name: String, _ taken: Set<String>) -> String {
    let name = String(name.prefix(56))
    guard taken.contains(name) else { return name }
    var number = 2
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }
}

extension Command {
  static let tokenNew = Command(
    "token new", TokenNewCommand(), group: .publish, summary: "Make a new token for a server.",
    discussion: """
      The secret is printed to standard output, once; the file of tokens, which 'ensign serve --tokens' reads, gets a \
      line with its digest. Without --tokens the line is printed too. Scopes include each other: 'evaluate' evaluates \
      flags remotely, 'read' also downloads snapshots and exports, 'publish' also publishes what was signed.

      A token opens nothing of other environments. To revoke it, take its line away and reload the server.
      """,
    options: [
      .values(
        "environment", short: "e", "NAME", completion: .environments, \.environments,
        help: "an environment that it opens; repeatable"),
      .choice("scope", "SCOPE", \.scope, help: "what it is good for"),
      .value("name", "NAME", \.name, help: "what logs call it (default: made of scope and environment)"),
      .value("tokens", "FILE", completion: .file, \.tokens, help: "the file of tokens to add it to"),
    ],
    examples: [
      (
        "token new --environment production --scope read --name shop --tokens tokens",
        "a token with which the shop downloads production's flags"
      )
    ])
}
