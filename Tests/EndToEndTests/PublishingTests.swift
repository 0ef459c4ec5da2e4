import Ensign
import Foundation
import Testing

@testable import ensign

@Suite("Keys")
struct KeyCommandTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func run(_ line: String, _ variables: [String: String] = [:]) -> Outcome {
    EndToEndTests.run(line.split(separator: " ").map(String.init), in: folder.path, variables: variables)
  }

  private func mode(_ name: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: folder / name)[.posixPermissions] as? Int
  }

  @Test("are made as files, which are never overwritten")
  func files() throws {
    let outcome = run("key new --out a.key --no-passphrase")
    #expect(outcome.status == 0, "\(outcome)")
    #expect(try mode("a.key") == 0o600)
    let shown = run("key show a.key")
    #expect(
      shown.output
        == run("key show a.key.pub").output.replacing(
          "public\n", with: "secret, without a passphrase\n", maxReplacements: 1))
    #expect(outcome.output.hasSuffix(shown.output.split(separator: "\n")[1] + "\n"))
    let before = try folder.read("a.key")
    for (path, why) in [("a.key", "a.key exists already"), ("b.key", "b.key.pub exists already")] {
      try folder.write("", to: "b.key.pub")
      let again = run("key new --out \(path) --no-passphrase")
      #expect(again.status == 1)
      #expect(again.messages.contains(why))
    }
    #expect(try folder.read("a.key") == before)
    #expect(run("key new --out b.key.pub/x.key --no-passphrase").status == 2)
  }

  @Test("are printed for a secret store, and sign from the variable")
  func printed() throws {
    let outcome = run("key new --print")
    #expect(outcome.output.hasPrefix("ensign-secret-ed25519-"))
    #expect(outcome.output.count == 87)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    let file = try #require(outcome.messages.split(separator: "\n").last)
    try folder.write(file + "\n", to: "ci.pub")
    #expect(run("key show ci.pub").status == 0)
  }

  @Test("are encrypted with a passphrase from a file or a variable")
  func passphrases() throws {
    try folder.write("open sesame\nsecond line\n", to: "pass")
    let exposed = run("key new --out a.key --passphrase-file pass")
    #expect(exposed.status == 1)
    #expect(exposed.messages.contains("chmod 600 pass"))
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: folder / "pass")
    #expect(run("key new --out a.key --passphrase-file pass").status == 0)
    #expect(run("key show a.key").output.contains("secret, with a passphrase"))
    #expect(run("key new --out ci.key --no-passphrase").status == 0)
    let base = "trust init --root a.key --publish ci.key --store"
    #expect(run("\(base) one", ["ENSIGN_PASSPHRASE": "open sesame"]).status == 0)
    #expect(run("\(base) two --passphrase-file pass").status == 0)
    let wrong = run("\(base) three", ["ENSIGN_PASSPHRASE": "open barley"])
    #expect(wrong.status == 1)
    #expect(wrong.messages.contains("a.key: the passphrase does not open the key"))
    #expect(!wrong.messages.contains("barley"))
    let empty = run("\(base) three", ["ENSIGN_PASSPHRASE": ""])
    #expect(empty.messages.contains("the variable ENSIGN_PASSPHRASE is empty"))
  }

  @Test("that need a passphrase are refused where nobody can be asked")
  func noTerminal() throws {
    let outcome = try shell("setsid -w $ensign key new --out a.key", in: folder.path)
    #expect(outcome.status == 1)
    #expect(outcome.messages.contains("there is no terminal to ask at"))
    #expect(outcome.messages.contains("--passphrase-file"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test("ask at a terminal, without showing what is typed")
  func terminal() throws {
    let script = """
      import os, pty, sys, time
      def talk(answers, *command):
        pid, terminal = pty.fork()
        if pid == 0: os.execv(command[0], command)
        seen = b""
        for answer in answers:
          while not seen.endswith(b": "): seen += os.read(terminal, 1000)
          time.sleep(0.2); os.write(terminal, answer); seen += b"|"
        try:
          while True: seen += os.read(terminal, 1000)
        except OSError: pass
        return seen.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
      ensign = os.environ["ensign"]
      for answers in [b"first\\r", b"second\\r"], [b"\\x03"], [b"\\r"], [b"zebrX\\x7fa\\r", b"nonsense\\x15zebra\\r"]:
        seen, status = talk(answers, ensign, "key", "new", "--out", "a.key")
        print(status, "zebr" in seen or "first" in seen, os.path.exists("a.key"))
        sys.stderr.write(seen)
      for answer in b"Zebra\\r", b"zebra\\r":
        print(talk([answer], ensign, "trust", "init", "--root", "a.key", "--publish", "ci.key", "--store", "s")[1])
      """
    try folder.write(script, to: "talk.py")
    let outcome = try shell(
      "$ensign key new --out ci.key --no-passphrase > /dev/null; python3 talk.py", in: folder.path)
    #expect(outcome.output == "1 False False\n1 False False\n1 False False\n0 False True\n1\n0\n", "\(outcome)")
    for message in ["the two passphrases differ", "interrupted", "the passphrase is empty"] {
      #expect(outcome.messages.contains(message))
    }
  }
}

@Suite("Trust files")
struct TrustCommandTests {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a", "b", "c", "ci", "new"] { _ = run("key new --out \(name).key --no-passphrase") }
  }

  private func run(_ line: String) -> Outcome {
    EndToEndTests.run(line.split(separator: " ").map(String.init), in: folder.path)
  }

  private func id(_ name: String) throws -> String {
    try #require(JSONValue(parsing: folder.read("\(name).key.pub"))["keyid"]?.string)
  }

  @Test("are made of keys on several machines")
  func drafts() throws {
    let start =
      "trust init --root a.key --root b.key.pub --root c.key.pub --root-threshold 2 --publish ci.key.pub --store s"
    let alone = run(start)
    #expect(alone.status == 1)
    #expect(alone.messages.contains("root of version 1: 1 more of"))
    #expect(alone.messages.contains(try id("b")))
    #expect(!alone.messages.contains(try id("a")))
    #expect(run("\(start) --out draft.json").status == 0)
    #expect(run("trust show s").status == 2)
    let foreign = run("trust sign draft.json --key ci.key")
    #expect(foreign.status == 1)
    #expect(foreign.messages.contains("is no root key of trust version 1"))
    let early = run("trust sign draft.json --key a.key --store s")
    #expect(early.status == 0)
    #expect(early.output.contains("which lacks signatures"))
    let signed = run("trust sign draft.json --key c.key")
    #expect(signed.status == 0, "\(signed)")
    #expect(signed.output.contains("signed by enough keys"))
    #expect(signed.messages.contains("trust version 1, epoch 1"), "whoever signs sees what")
    let installed = run("trust sign draft.json --store s")
    #expect(installed.status == 0, "\(installed)")
    #expect(installed.output.hasPrefix("s/trust/1.json: trust version 1, epoch 1"))
    #expect(run("trust show s").output.contains("root of version 1: 2 of 2 needed"))
    let again = run("trust sign draft.json --store s")
    #expect(again.status == 1)
    #expect(again.messages.contains("s has a trust/1.json already"))
    #expect(run(start).messages.contains("ensign trust rotate makes the next version"))
  }

  @Test("are replaced by the old keys and the new ones together")
  func rotation() throws {
    #expect(run("trust init --root a.key --publish ci.key --store s").status == 0)
    let rotate =
      "trust rotate --store s --remove-root a.key --add-root b.key.pub --remove-publish \(try id("ci")) "
      + "--add-publish new.key.pub --new-epoch"
    let half = run("\(rotate) --key a.key")
    #expect(half.status == 1)
    #expect(half.messages.contains("root of version 2: 1 more of \(try id("b"))"))
    #expect(run("\(rotate) --key a.key --out draft.json").status == 0)
    let done = run("trust sign draft.json --key b.key --store s")
    #expect(done.status == 0, "\(done)")
    #expect(done.output.contains("trust version 2, epoch 2"))
    let shown = try JSONValue(parsing: String(run("trust show s --format json").output.dropLast()))
    #expect(shown["roles"]?["root"]?["keyids"]?.array?.map(\.string) == [try id("b")])
    #expect(shown["roles"]?["publish"]?["keyids"]?.array?.map(\.string) == [try id("new")])
    #expect(shown["keys"]?.object?.count == 2)
    #expect(shown["signatures"]?.array?.count == 2)
    #expect(run("trust rotate --store s --key a.key").messages.contains("is no root key of trust version 3"))
    #expect(run("trust rotate --store s --key b.key").status == 0)
    let stale = run("trust sign draft.json --key b.key --store s")
    #expect(stale.status == 1)
    #expect(stale.messages.contains("the draft is trust version 2, and the store s has version 3"))
  }

  @Test(
    "that make no sense are refused, and nothing is written",
    arguments: [
      ("--root a.key", "trust init needs keys"),
      ("--root a.key --publish a.key", "would be a root key and a publish key"),
      ("--root a.key --publish ci.key --root-threshold 2", "needs 2 signatures, and has 1 keys"),
      ("--root a.key --publish ci.key --publish-threshold 2", "the role publish needs 2 signatures"),
      ("--root a.key --publish ci.key --environment-threshold x=2", "the role publish for x needs 2"),
      ("--root a.key --publish ci.key --environment-threshold x", "such as production=2"),
      ("--root a.key --publish ci.key --root-threshold 0", "write a number from 1 on"),
      ("--root a.key --root a.key.pub --publish ci.key", "twice"),
      ("--root a.key --publish ci.key --expires-in 1y", "such as 7d, 12h or 30m"),
      ("--root a.key --publish ci.key --expires-in 99999999999999999d", "such as 7d, 12h or 30m"),
      ("--root a.key --publish none.key", "cannot read none.key"),
    ])
  func refusals(_ options: String, _ message: String) throws {
    let outcome = run("trust init --store s \(options)")
    #expect(outcome.status != 0)
    #expect(outcome.messages.contains(message), "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: folder / "s"))
  }

  @Test("warn from thirty days before their end on")
  func expiry() throws {
    _ = run("trust init --root a.key --publish ci.key --store s --expires-in 100d --now 2026-01-01T00:00:00Z")
    for (now, state, text) in [
      ("2026-03-01T00:00:00Z", "current", nil), ("2026-03-20T00:00:00Z", "expiring", "expires soon"),
      ("2026-05-01T00:00:00Z", "expired", "expired: nothing new"),
    ] {
      let shown = run("trust show s --format json --now \(now)")
      #expect(try JSONValue(parsing: String(shown.output.dropLast()))["state"]?.string == state)
      let plain = run("trust show s --now \(now)").output
      if let text {
        #expect(plain.contains(text))
      } else {
        #expect(plain.hasSuffix("needed\n  ") || !plain.contains("expired"))
      }
    }
  }
}

@Suite("Publishing a repository")
struct PublishingTests {
  let shop: PublishedShop

  init() throws { shop = try PublishedShop() }

  @Test("and verifying it, with Ensign and without")
  func story() throws {
    let outcome = shop.publish()
    #expect(outcome.status == 0, "\(outcome)")
    let commit = try shop.script("git rev-parse --short=12 HEAD").output.dropLast()
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 3)
    for (line, environment) in zip(lines, ["development", "staging", "production"]) {
      #expect(line.hasPrefix("\(environment): published \(commit), epoch 1, sequence 1, 1 flag, expires "))
    }
    let verified = shop.verify("--rebuild --project shop")
    #expect(verified.status == 0, "\(verified)")
    #expect(verified.output.split(separator: "\n").count { $0.hasSuffix("the same bytes") } == 3)
    try shop.script(
      "$ensign verify store --trust store/trust/1.json -e production --explain > check.sh; sh check.sh >&2")
    let manifest = "store/environments/production/latest.json"
    #expect(shop.ensign("verify \(manifest) --trust store/trust/1.json").status == 0)
    let digest = try shop.script("jq -r .payload \(manifest) | base64 -d | jq -r .snapshot.sha256").output.dropLast()
    let blob = "store/blobs/sha256/\(digest)"
    #expect(shop.ensign("verify \(manifest) --trust store/trust/1.json --snapshot \(blob)").status == 0)
    #expect(try shop.folder.read(String(blob)) == shop.ensign("compile -e production").output)
    let other = shop.ensign("verify \(manifest) --trust store/trust/1.json --snapshot flags/ensign.yaml")
    #expect(other.status == 1)
    #expect(other.output.contains("TAMPERED") || other.output.contains("OVERSIZED"))
    #expect(shop.ensign("verify store/trust/1.json --trust store/trust/1.json").status == 0)
  }

  @Test("to a server, which serves all but what it was not told to")
  func server() throws {
    try shop.script(
      """
      $ensign token new --scope publish -e staging -e production --tokens tokens > token
      $ensign token new --scope read -e production --tokens tokens > reader
      echo ensign-token-unknown > stranger
      """)
    let server = try RunningServer(["store", "--tokens", "tokens", "--environment", "production"], in: shop.folder)
    let anonymous =
      "publish -e staging -e production --store \(server.store) --trust store/trust/1.json --key ci.key --key second.key"
    for (token, reason) in [
      ("", "the server asks for a token"), (" --token-file stranger", "the server does not know the token"),
      (" --token-file reader", "the token is not for that"),
    ] {
      let refused = shop.ensign(anonymous + token)
      #expect(refused.status == 2 && refused.messages.contains(reason), "\(refused)")
      #expect(refused.messages.contains("help: name a token that may, with --token-file FILE or ENSIGN_TOKEN"))
    }
    let publish = anonymous + " --token-file token"
    let outcome = shop.ensign(publish)
    #expect(outcome.status == 0, "\(outcome)\n\(server.messages)")
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.map { $0.hasSuffix(", stored and not served yet") } == [true, false], "\(outcome)")
    try shop.commitChange()
    let json = shop.ensign(publish + " --format json")
    let results = try JSONValue(parsing: json.output.trimmingCharacters(in: .newlines))["environments"]
    #expect(results?[0]?["served"] == false && results?[1]?["served"] == true, "\(json)\n\(server.messages)")
    #expect(results?[1]?["manifest"]?["sequence"] == 2)
    let verified = shop.ensign(
      "verify \(server.store) --trust store/trust/1.json -e production --token-file token")
    #expect(verified.output.contains("production: CURRENT, sequence 2"), "\(verified)")
    #expect(shop.verify().output.contains("staging: CURRENT, sequence 2"))
  }

  @Test("is explained by a script that fails when anything was changed")
  func explanation() throws {
    _ = shop.publish()
    let script = shop.verify("-e production --explain")
    #expect(script.status == 0, "\(script)")
    try shop.folder.write(script.output, to: "check.sh")
    let good = try shop.script("sh check.sh").output
    #expect(good.contains("2 of 2 signatures"))
    #expect(good.hasSuffix(": OK\n"))
    for damage in [
      "printf x >> store/blobs/sha256/$(jq -r .payload $latest | base64 -d | jq -r .snapshot.sha256)",
      "jq -c '.signatures |= .[1:]' $latest > t && mv t $latest",
      "jq -c '.signatures[0] = .signatures[1]' $latest > t && mv t $latest",
      "jq -c '.payload |= (@base64d | sub(\"shop\"; \"ship\") | @base64)' $latest > t && mv t $latest",
    ] {
      let outcome = try shell(
        """
        latest=store/environments/production/latest.json
        cp -r store copy; \(damage); sh check.sh > /dev/null 2>&1; echo $?
        $ensign verify store --trust store/trust/1.json -e production > /dev/null; echo $?
        rm -r store; mv copy store
        """, in: shop.folder.path)
      #expect(outcome.output == "1\n1\n", "\(damage): \(outcome)")
    }
  }

  @Test("of a working tree is refused, and where it is allowed it is marked")
  func dirty() throws {
    try shop.script("sed -i 's/^description: .*/description: tried/' flags/definitions/*.yaml; echo > flags/.ignored")
    let refused = shop.publish()
    #expect(refused.status == 1)
    #expect(refused.messages.contains("the flags of the working tree differ from it: flags/"))
    let protected = shop.publish("--allow-dirty")
    #expect(protected.status == 1)
    #expect(protected.messages.contains("the environment 'production' is protected"))
    let staging = "publish -e staging --store store --key ci.key"
    let marked = shop.ensign("\(staging) --allow-dirty")
    #expect(marked.status == 0, "\(marked)")
    #expect(marked.output.hasSuffix(", dirty\n"))
    #expect(shop.verify("-e staging").output.contains(", dirty\n"))
    // The commit itself is another snapshot at the same place only if the change reaches the snapshot.
    try shop.script(
      "sed -i 's/^otherwise: off/otherwise: on/' flags/environments/staging/*.yaml")
    let second = shop.ensign("\(staging) --allow-dirty")
    #expect(second.status == 1)
    #expect(second.messages.contains("commit the change, then publish the commit"))
    #expect(shop.ensign("\(staging) --rev HEAD").status == 0)
  }

  @Test("needs its whole history, a branch, and to go forwards")
  func history() throws {
    #expect(shop.publish().status == 0)
    try shop.commitChange("second")
    #expect(shop.publish().output.contains("sequence 2"))
    let older = shop.publish("--rev HEAD~1 --ref refs/heads/main")
    #expect(older.status == 1)
    #expect(older.messages.contains("git revert"))
    try shop.script("git switch -q -c side HEAD~1")
    try shop.commitChange("elsewhere")
    let other = shop.publish()
    #expect(other.status == 1)
    #expect(other.messages.contains("does not follow it"))
    #expect(other.messages.contains("refs/heads/main"))
    try shop.script("git switch -q --detach main")
    let detached = shop.publish()
    #expect(detached.status == 1)
    #expect(detached.messages.contains("--ref refs/heads/main"))
    #expect(shop.publish("--ref main").messages.contains("not the full name of a branch"))
    #expect(shop.publish("--ref refs/heads/main").output.contains("renewed"))
    try shop.script("git switch -q main && git revert --no-edit HEAD > /dev/null")
    #expect(shop.publish().output.contains("sequence 3"))
    try shop.script("git clone -q --depth 1 file://$PWD other")
    let shallow = shop.publish("--repository other --rev HEAD")
    #expect(shallow.status == 2)
    #expect(shallow.messages.contains("git fetch --unshallow"))
    try shop.script("rm -rf other && git clone -q -b side --single-branch file://$PWD other")
    let missing = shop.publish("--repository other --rev HEAD")
    #expect(missing.status == 1 || missing.status == 2)
    #expect(missing.messages.contains("is older") || missing.messages.contains("is not in this repository"))
  }

  @Test("looks at the flags of the repository that is named")
  func otherRepository() throws {
    try shop.script(
      "git clone -q . other && cd other && sed -i 's/^otherwise: off/otherwise: on/' flags/environments/staging/*.yaml")
    let refused = shop.publish("--repository other")
    #expect(refused.status == 1)
    #expect(refused.messages.contains("flags/environments/staging"))
    #expect(shop.publish("--repository other --allow-dirty").messages.contains("not that of --repository"))
    try shop.script("git -C other checkout -q . && git clone -q --bare other tampered")
    for repository in ["other", "tampered"] { #expect(shop.publish("--repository \(repository)").status == 0) }
  }

  @Test("is verified over HTTP, where nothing can be listed")
  func address() throws {
    #expect(shop.publish().status == 0)
    try shop.folder.write(
      """
      import functools, http.server, os, subprocess, sys, threading
      handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory="store")
      handler.func.log_message = lambda *_: None
      server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
      threading.Thread(target=server.serve_forever, daemon=True).start()
      address = f"http://127.0.0.1:{server.server_port}"
      sys.exit(subprocess.run([os.environ["ensign"], "verify", address, *sys.argv[1:]]).returncode)
      """, to: "serve.py")
    let options = "--trust store/trust/1.json -e production -e staging"
    let good = try shell("python3 serve.py \(options)", in: shop.folder.path)
    #expect(good.status == 0, "\(good)")
    expectSame(good.output, shop.verify("-e production -e staging").output)
    let missing = try shell("python3 serve.py \(options) -e nowhere --format json", in: shop.folder.path)
    #expect(missing.status == 1)
    #expect(missing.output.contains(#""verdict":"UNREACHABLE""#))
    let rebuilt = try shell("python3 serve.py \(options) --rebuild", in: shop.folder.path)
    #expect(rebuilt.status == 0, "\(rebuilt)")
  }

  @Test("is renewed without compiling")
  func renewal() throws {
    #expect(shop.publish("--expires-in 1h").status == 0)
    try shop.script("rm -r flags")
    let renewed = shop.publish("--renew --expires-in 30d")
    #expect(renewed.status == 0, "\(renewed)")
    #expect(renewed.output.split(separator: "\n").count { $0.contains(": renewed ") } == 3)
    #expect(shop.publish("--renew --rev HEAD").status == 2)
    #expect(shop.ensign("publish --renew -e nowhere --store store --key ci.key").messages.contains("nothing") == false)
  }

  @Test(
    "is refused when the words are wrong",
    arguments: [
      ("publish --store store --key ci.key", 2, "publish needs to know what"),
      ("publish --all -e staging --store store --key ci.key", 2, "exclude each other"),
      ("publish -e staging -e staging --store store --key ci.key", 2, "named twice"),
      ("publish --all --key ci.key", 2, "needs a store: --store DIR"),
      ("trust init --store https://flags.example.com --root a.key --publish a.key", 2, "writes into folders only"),
      ("publish --all --store https:// --key ci.key", 2, "a store's address has a host"),
      ("publish --all --store http://flags.example.com --key ci.key --token-file ci.key", 2, "over https:// only"),
      ("publish --all --store store --key ci.key --token-file ci.key", 2, "this store is a folder"),
      ("publish --all --store store", 2, "--key FILE, or the variable ENSIGN_KEY"),
      ("publish --all --store store --key ci.key.pub", 1, "only secret keys can sign"),
      ("publish --all --store store --key root.key", 1, "is no publish key of trust version 1"),
      ("publish --all --store store --key ci.key", 1, "'production' needs 2 signatures"),
      ("publish --all --store nowhere --key ci.key", 1, "ensign trust init"),
      ("publish -e stagin --store store --key ci.key", 2, "did you mean 'staging'?"),
      ("publish --all --store store --key ci.key --rev mian", 2, "did you mean 'main'?"),
      ("publish --all --store store --key ci.key --rev HEAD --allow-dirty", 2, "it does not go with --rev"),
      ("publish --all --store store --key ci.key --expires-in soon", 2, "such as 7d"),
      ("verify store", 2, "verify needs the trust file"),
      ("verify nothing --trust store/trust/1.json", 2, "there is no such file or folder"),
      ("verify store --trust nothing", 2, "--trust nothing: cannot read it"),
      ("verify https://flags.example.com --trust store/trust/1.json", 2, "an address cannot be listed"),
      ("verify ftp://flags.example.com --trust store/trust/1.json", 2, "https://"),
      ("verify store --trust store/trust/1.json --explain --rebuild", 2, "--explain prints commands"),
      ("key new", 2, "--out FILE, or --print"), ("key new --out x --print", 2, "exclude each other"),
      ("key show flags/ensign.yaml", 1, "it is no key file"),
    ])
  func refusals(_ line: String, _ status: Int32, _ message: String) {
    let outcome = shop.ensign(line)
    #expect(outcome.status == status, "\(outcome)")
    #expect(outcome.messages.contains(message), "\(outcome)")
  }

  @Test("with the keys of a variable")
  func variable() throws {
    let words = [shop.ensign("key new --print"), shop.ensign("key new --print")]
    for (index, word) in words.enumerated() {
      try shop.folder.write(String(word.messages.split(separator: "\n").last ?? ""), to: "v\(index).pub")
    }
    #expect(
      shop.ensign(
        "trust rotate --store store --key root.key --add-publish v0.pub --add-publish v1.pub --remove-publish ci.key "
          + "--remove-publish second.key"
      ).status == 0)
    let published = shop.ensign(
      "publish --all --store store", variables: ["ENSIGN_KEY": words.map(\.output).joined(separator: "\n")])
    #expect(published.status == 0, "\(published)")
    let wrong = shop.ensign("publish --all --store store", variables: ["ENSIGN_KEY": "hunter2"])
    #expect(wrong.status == 1)
    #expect(wrong.messages.contains("the variable ENSIGN_KEY cannot be used"))
    #expect(!wrong.messages.contains("hunter2"))
  }

  @Test("tells the first flag that differs when the store was built from something else")
  func rebuild() throws {
    try shop.script("sed -i 's/^otherwise: off/otherwise: on/' flags/environments/staging/*.yaml")
    #expect(shop.ensign("publish -e staging --store store --key ci.key --allow-dirty").status == 0)
    let outcome = shop.verify("-e staging --rebuild")
    #expect(outcome.status == 1, "\(outcome)")
    #expect(outcome.output.contains("rebuilt from the commit: another snapshot: flag 'welcome-banner', "), "\(outcome)")
    #expect(outcome.output.contains("note: the manifest says that it was published from files that differ"))
    let json = try JSONValue(parsing: String(shop.verify("-e staging --rebuild --format json").output.dropLast()))
    #expect(json["verdict"]?.string == "MISMATCH")
    #expect(json["environments"]?[0]?["rebuild"]?["flag"]?.string == "welcome-banner")
    try shop.script("git clone -q -b main file://$PWD other && git -C other commit -q --amend -m other")
    try shop.script(
      "git -C other reflog expire --expire=now --all && git -C other update-ref -d refs/remotes/origin/main; git -C other gc -q --prune=now"
    )
    let missing = shop.verify("-e staging --rebuild --repository other")
    #expect(missing.status == 2, "\(missing)")
    #expect(missing.messages.contains("cannot rebuild 'staging'"))
  }

  @Test("recovers from a stolen publish key")
  func stolenKey() throws {
    #expect(shop.publish().status == 0)
    // Whoever stole the keys publishes from a repository of their own, with a sequence that nobody reaches.
    try shop.script(
      """
      git init -q -b main other && cp -r flags other && cd other && git add -A && git commit -q -m evil
      tree=$(git rev-parse HEAD^{tree}); { for i in $(seq 3000); do
        printf 'commit refs/heads/main\\ncommitter a <a@b> %s +0000\\ndata 1\\nx\\n' $i; done; } | git fast-import --quiet --force
      git checkout -q -f main; cp -r ../flags . ; git add -A && git commit -q -m evil
      rm ../store/environments/*/latest.json ../store/environments/*/manifests/*
      $ensign publish --all --store ../store --key ../ci.key --key ../second.key > /dev/null
      """)
    #expect(shop.verify().output.contains("sequence 3001"))
    try shop.commitChange("second")
    let stuck = shop.publish()
    #expect(stuck.status == 1)
    #expect(stuck.messages.contains("ensign trust rotate --new-epoch"))
    try shop.script(
      """
      for name in new1 new2; do $ensign key new --out $name.key --no-passphrase > /dev/null; done
      $ensign trust rotate --store store --key root.key --new-epoch --remove-publish ci.key --remove-publish second.key \\
        --add-publish new1.key --add-publish new2.key > /dev/null
      """)
    #expect(shop.verify().status == 1)
    #expect(shop.publish().messages.contains("is no publish key of trust version 2"))
    let recovered = shop.ensign("publish --all --store store --key new1.key --key new2.key")
    #expect(recovered.status == 0, "\(recovered)")
    #expect(recovered.output.contains("epoch 2, sequence 2"))
    let verified = shop.verify()
    #expect(verified.status == 0, "\(verified)")
    #expect(verified.output.hasPrefix("trust: version 2, epoch 2"))
  }

  @Test("is told to a second publisher at the same time")
  func twoPublishers() throws {
    let outcome = try shop.script(
      """
      exec 9> store/publish.lock; flock 9
      set +e; $ensign publish --all --store store --key ci.key --key second.key; echo $?
      """)
    #expect(outcome.output == "2\n")
    #expect(outcome.messages.contains("another process writes into the store store"))
  }
}
