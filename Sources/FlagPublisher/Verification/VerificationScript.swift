package import Ensign

/// The commands with which anybody verifies a signed file without this program: a script for `sh` that needs `jq`,
/// `openssl` 3 and coreutils.
package enum VerificationScript {
  /// A script that verifies an envelope, and the snapshot that it names.
  ///
  /// - Parameters:
  ///   - path: the file of the envelope.
  ///   - keys: the keys that are trusted to sign it.
  ///   - threshold: how many of them have to.
  ///   - snapshot: the file of the snapshot; nil for a trust file, or when there is none at hand.
  package static func text(
    envelope path: String, keys: [PublicKey], threshold: Int, snapshot: String?
  ) -> String {
    var text = """
      # Verifies \(path.filter { !$0.isNewline }) with jq, openssl (3.0 or newer) and coreutils. Ends with status 0 if all is well.
      set -eu
      export LC_ALL=C
      file=\(quoted(path))
      cd "$(mktemp -d)"

      # What was signed: the type and the payload, in DSSE's encoding. openssl wants regular files.
      jq -rj .payload "$file" | tr -- -_ +/ | base64 -d > body
      type=$(jq -rj .payloadType "$file")
      { printf 'DSSEv1 %d %s %d ' "${#type}" "$type" "$(wc -c < body)"; cat body; } > pae

      # The trusted keys, each of which counts once.

      """
    for (index, key) in keys.enumerated() {
      text += "cat > key\(index + 1).pem <<'END'\n\(key.pem)END\n"
    }
    text += """

      signed=0
      for key in \((1...max(keys.count, 1)).map { "key\($0).pem" }.joined(separator: " ")); do
        for sig in $(jq -r '.signatures[].sig' "$file"); do
          printf %s "$sig" | tr -- -_ +/ | base64 -d > sig
          if openssl pkeyutl -verify -pubin -inkey "$key" -rawin -in pae -sigfile sig > verdict 2>&1; then
            signed=$((signed + 1))
            echo "signed by $key"
            break
          fi
        done
      done
      echo "$signed of \(threshold) signatures"
      [ "$signed" -ge \(threshold) ]

      """
    if let snapshot {
      text += """

        # The snapshot is the one that the manifest names.
        echo "$(jq -r .snapshot.sha256 body)  \(escaped(snapshot))" | sha256sum -c

        """
    }
    return text
  }

  /// A word for the shell that means exactly this text.
  static func quoted(_ text: String) -> String { "'" + text.map { $0 == "'" ? #"'\''"# : String($0) }.joined() + "'" }

  /// A text within double quotes of the shell.
  private static func escaped(_ text: String) -> String {
    text.map { "\\\"$`".contains($0) ? "\\\($0)" : String($0) }.joined()
  }
}
