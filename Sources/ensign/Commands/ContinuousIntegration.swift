/// A service that runs workflows on each change.
enum ContinuousIntegration: String, CaseIterable, Sendable {
  case github
  case gitlab

  /// Where the workflow belongs, relative to the top of the repository.
  var path: String {
    switch self {
    case .github: ".github/workflows/flags.yml"
    case .gitlab: ".gitlab-ci.yml"
    }
  }

  /// A workflow that validates, tests and compiles a tree.
  ///
  /// - Parameter treeName: the tree's folder relative to the top of the repository; empty when it is the top.
  func workflow(treeName: String) -> String {
    let pattern = treeName.isEmpty ? "" : treeName + "/"
    // The tree in flags/ is found without being named.
    let option = treeName == "flags" || treeName.isEmpty ? "" : " --flags \(treeName)"
    switch self {
    case .github: return Self.github(pattern: pattern, option: option)
    case .gitlab: return Self.gitlab(pattern: pattern, option: option)
    }
  }

  private static func github(pattern: String, option: String) -> String {
    """
    # .github/workflows/flags.yml of a repository that keeps its flags in \(pattern.isEmpty ? "its top" : pattern).
    # Findings appear as annotations in the pull request; the snapshots of the main branch are kept as artifacts.
    name: flags
    on:
      pull_request:
        paths: [\(pattern)**]
      push:
        branches: [main]
        paths: [\(pattern)**]

    permissions:
      contents: read

    jobs:
      flags:
        runs-on: ubuntu-latest
        # An image with the `ensign` executable in its PATH, built by you: see the README for how it is built.
        container: registry.example.org/acme/ensign:latest
        steps:
          - uses: actions/checkout@v4
          - name: Validate
            run: ensign validate\(option) --format github
          - name: Test
            run: ensign test\(option)
          - name: Compile
            run: ensign compile\(option) --all --out snapshots
          - name: Keep the snapshots
            if: github.ref == 'refs/heads/main'
            uses: actions/upload-artifact@v4
            with:
              name: snapshots
              path: snapshots/
              if-no-files-found: error

    """
  }

  private static func gitlab(pattern: String, option: String) -> String {
    """
    # .gitlab-ci.yml of a repository that keeps its flags in \(pattern.isEmpty ? "its top" : pattern).
    flags:
      # An image with the `ensign` executable in its PATH, built by you: see the README for how it is built.
      image: registry.example.org/acme/ensign:latest
      rules:
        - if: $CI_PIPELINE_SOURCE == "merge_request_event"
          changes: [\(pattern)**/*]
        - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
          changes: [\(pattern)**/*]
      script:
        - ensign validate\(option)
        - ensign test\(option)
        - ensign compile\(option) --all --out snapshots
      artifacts:
        paths: [snapshots/]

    """
  }
}
