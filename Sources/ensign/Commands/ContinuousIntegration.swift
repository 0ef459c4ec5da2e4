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
    # A pull request gets findings as annotations, and a comment that says who is affected; the snapshots of the main
    # branch are kept as artifacts.
    name: flags
    on:
      pull_request:
        paths: [\(pattern)**]
      push:
        branches: [main]
        paths: [\(pattern)**]

    permissions:
      contents: read
      pull-requests: write  # for the comment

    jobs:
      flags:
        runs-on: ubuntu-latest
        # An image with `ensign` and `gh` in its PATH, built by you: see the README for how `ensign` is built.
        container: registry.example.org/acme/ensign:latest
        steps:
          - uses: actions/checkout@v4
            with:
              fetch-depth: 0  # the whole history, and with it the base of the change
              # What people sign and agree to, and not GitHub's merge of it.
              ref: ${{ github.event.pull_request.head.sha || github.sha }}
          - name: Check the change
            if: github.event_name == 'pull_request'
            run: ensign check\(option) --base "origin/$GITHUB_BASE_REF" --format github
          - name: Comment
            if: github.event_name == 'pull_request' && !cancelled()
            env:
              GH_TOKEN: ${{ github.token }}
              NUMBER: ${{ github.event.pull_request.number }}
            run: |
              ensign check\(option) --base "origin/$GITHUB_BASE_REF" --format markdown >comment.md || [ $? -eq 1 ]
              gh pr comment "$NUMBER" --edit-last --create-if-none --body-file comment.md
          - name: Check everything
            if: github.event_name == 'push'
            run: ensign check\(option) --format github
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
      variables:
        GIT_DEPTH: 0  # the whole history, and with it the base of the change
      rules:
        - if: $CI_PIPELINE_SOURCE == "merge_request_event"
          changes: [\(pattern)**/*]
        - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
          changes: [\(pattern)**/*]
      script:
        # Without a base, as on the default branch, everything is checked.
        - base=${CI_MERGE_REQUEST_DIFF_BASE_SHA:+--base $CI_MERGE_REQUEST_DIFF_BASE_SHA}
        - ensign check\(option) $base --format gitlab >codequality.json || [ $? -eq 1 ]
        - ensign check\(option) $base --format junit >report.xml || [ $? -eq 1 ]
        - ensign check\(option) $base
        - ensign compile\(option) --all --out snapshots
      artifacts:
        when: always
        paths: [snapshots/]
        reports:
          codequality: codequality.json
          junit: report.xml

    """
  }
}
