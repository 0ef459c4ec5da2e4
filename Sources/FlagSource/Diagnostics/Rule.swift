/// A rule's code, such as `E012`: a letter for its default level and three digits.
///
/// Codes are public API: never reused, never renumbered.
package struct RuleCode: Hashable, Comparable, Sendable, ExpressibleByStringLiteral, CustomStringConvertible {
  package let description: String

  package init(stringLiteral value: String) { description = value }

  /// Makes a code of a text that somebody typed; it need not exist.
  package init(_ text: String) { description = text }

  package static func < (left: RuleCode, right: RuleCode) -> Bool {
    left.description.utf8.lexicographicallyPrecedes(right.description.utf8)
  }
}

/// Everything known about one rule: its manual is data, so that help, documentation and tests are made from it.
///
/// A rule is a file in `Rules/`: this value, the function that checks (when it is not the parser that notices), and the
/// findings' words.
package struct Rule: Sendable {
  package var code: RuleCode
  /// Kebab-case; says what is wrong and never the remedy, so that "allow unused-segment" reads.
  package var name: String
  package var level: Finding.Level
  /// One sentence.
  package var summary: String
  /// One paragraph: why it matters and how to put it right.
  package var explanation: String
  /// Files that trigger the rule, laid over ``Example/base``.
  package var badExample: Example { makeBadExample() }
  /// The same, put right: no finding of this rule and no error.
  package var goodExample: Example { makeGoodExample() }
  /// Which part of a review notices it.
  package var stage: Stage
  /// What it looks at and how; none for what the parser or the handling of suppressions notices, and in later stages.
  package var checks: [Check]

  /// The parts of a review, in the order in which they run.
  package enum Stage: String, CaseIterable, Sendable {
    /// The files of one tree, read and checked: `ensign validate`.
    case validation
    /// The flag tests: `ensign check`.
    case test
    /// What the compiled flags do for every context: `ensign check`.
    case analysis
    /// What a change does, compared with the base: `ensign check --base`.
    case review
  }

  package init(
    code: RuleCode, name: String, level: Finding.Level, summary: String, explanation: String,
    badExample: @escaping @autoclosure @Sendable () -> Example,
    goodExample: @escaping @autoclosure @Sendable () -> Example, stage: Stage = .validation, check checks: Check...
  ) {
    self.code = code
    self.name = name
    self.level = level
    self.summary = summary
    self.explanation = explanation
    makeBadExample = badExample
    makeGoodExample = goodExample
    self.stage = stage
    self.checks = checks
  }

  /// Examples are made when they are asked for: checking a tree takes the registry, and has no use for a thousand files.
  private let makeBadExample: @Sendable () -> Example
  private let makeGoodExample: @Sendable () -> Example

  /// Some files of a tree, to show a rule.
  package struct Example: Sendable {
    /// Path and text, in the order in which the manual shows them; an empty text removes the file of the base tree.
    package var files: [(path: String, text: String)]

    /// The files of the base of the change that the files are, laid over ``base``; of rules of the stage
    /// ``Rule/Stage/review`` only.
    package var before: [(path: String, text: String)] = []
    /// The commit that makes the change, of rules about commits only.
    package var commit: Commit?

    /// A commit of an example.
    package struct Commit: Sendable {
      package var message: String
      /// Whether it has a good signature.
      package var isSigned: Bool

      package init(_ message: String, isSigned: Bool = false) {
        self.message = message
        self.isSigned = isSigned
      }
    }

    /// An example of a change.
    package init(
      before: [(path: String, text: String)], change files: [(path: String, text: String)], commit: Commit? = nil
    ) {
      self.before = before
      self.files = files
      self.commit = commit
    }

    /// An example of one file.
    package init(_ path: String, _ text: String) { files = [(path, text)] }

    /// An example of several files.
    package init(_ files: [(path: String, text: String)]) { self.files = files }

    /// The files that a manual shows: all of them, unless the rule is about how many there are.
    package var shown: ArraySlice<(path: String, text: String)> { files.prefix(files.count > 10 ? 3 : files.count) }

    /// How many files a manual only counts.
    package var hiddenCount: Int { files.count - shown.count }

    /// The manifest of the base tree with a policy of `production`.
    static func policy(_ policy: String) -> (path: String, text: String) {
      let members = "payments: {contact: \"#payments\", members: [ada@acme.example, bea@acme.example]}\n"
      let manifest = base[0].text.split(separator: "\n").dropLast().joined(separator: "\n")
      return ("ensign.yaml", manifest + "\n  " + members + "policies:\n  production: {\(policy)}\n")
    }

    /// The definition of the base tree without a key.
    static func definition(without key: String) -> (path: String, text: String) {
      let lines = base[1].text.split(separator: "\n").filter { !$0.hasPrefix(key + ":") }
      return (base[1].path, lines.joined(separator: "\n") + "\n")
    }

    /// The config of the base tree in `production`, with something else for everyone but the staff.
    static func production(otherwise: String, enabled: String = "true") -> (path: String, text: String) {
      (
        "environments/production/new-cart.yaml",
        """
        enabled: \(enabled)
        rules:
          - name: staff
            when: {segment: staff}
            serve: on
        otherwise: \(otherwise)

        """
      )
    }

    /// The small valid tree below every example: a manifest with attributes of each type, one boolean flag `new-cart`
    /// with its configs, one segment `staff`.
    package static let base: [(path: String, text: String)] = [
      (
        "ensign.yaml",
        """
        format: 1
        project: acme-shop
        environments: [staging, production]
        attributes:
          country: {type: string, values: [DE, FR, GB, US]}
          plan: {type: string, values: [free, pro, premium]}
          email: {type: string, private: true}
          groups: {type: list}
          age: {type: integer}
          cartTotal: {type: number}
          beta: {type: boolean}
          appVersion: {type: version}
          signedUpAt: {type: timestamp}
          ip: {type: ip}
        owners:
          payments: {contact: "#payments"}

        """
      ),
      (
        "definitions/new-cart.yaml",
        """
        description: The cart on one page.
        type: boolean
        off: off
        owner: payments
        kind: release
        expires: 2099-03-01

        """
      ),
      (
        "environments/staging/new-cart.yaml",
        """
        enabled: true
        otherwise: on

        """
      ),
      (
        "environments/production/new-cart.yaml",
        """
        enabled: true
        rules:
          - name: staff
            when: {segment: staff}
            serve: on
        otherwise: off

        """
      ),
      (
        "segments/staff.yaml",
        """
        description: Our own people.
        when:
          email: {endsWith: "@acme.example"}

        """
      ),
      (
        "tests/new-cart.yaml",
        """
        - name: staff get the new cart
          flag: new-cart
          environment: [staging, production]
          given: {targetingKey: user-1, email: ada@acme.example}
          expect: on

        """
      ),
    ]
  }
}
