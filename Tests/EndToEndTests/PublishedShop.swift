import Foundation
import Testing

@testable import ensign

/// A repository with a flags tree, keys, and a store with a trust file, in a temporary folder.
///
/// `production` needs both publish keys, everything else one of them.
struct PublishedShop {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    _ = try script(
      """
      git init -q -b main .
      printf '/*.key\\n/*.pub\\n/store\\n/other\\n/tampered\\n' > .gitignore
      $ensign init flags --project shop --quiet > /dev/null
      git add -A && git commit -q -m first
      for name in root ci second; do $ensign key new --out $name.key --no-passphrase > /dev/null; done
      $ensign trust init --root root.key --publish ci.key.pub --publish second.key.pub --store store \\
        --environment-threshold production=2 > /dev/null
      """)
  }

  /// Runs a script in the folder, which must end well.
  @discardableResult
  func script(_ script: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> Outcome {
    let outcome = try shell(
      """
      set -e
      export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
      \(script)
      """, in: folder.path)
    try #require(outcome.status == 0, "\(outcome)", sourceLocation: sourceLocation)
    return outcome
  }

  /// Runs a command line in this process, in the folder.
  func ensign(_ line: String, variables: [String: String] = [:]) -> Outcome {
    EndToEndTests.run(line.split(separator: " ").map(String.init), in: folder.path, variables: variables)
  }

  /// Switches a flag in every environment and commits that.
  func commitChange(_ message: String = "change") throws {
    try script(
      """
      for file in flags/environments/*/*.yaml; do echo "# \(message)" >> $file; done
      sed -i 's/^description: .*/description: \(message)/' flags/definitions/*.yaml
      git commit -q -a -m '\(message)'
      """)
  }

  /// Publishes everything with both keys.
  func publish(_ options: String = "") -> Outcome {
    ensign("publish --all --store store --key ci.key --key second.key \(options)")
  }

  /// Verifies the store by its first trust file.
  func verify(_ options: String = "") -> Outcome { ensign("verify store --trust store/trust/1.json \(options)") }
}
