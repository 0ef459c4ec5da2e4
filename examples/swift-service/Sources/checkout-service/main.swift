import Ensign
import Foundation

// A service in miniature: each line of standard input is a request, a JSON object that says who is asking; each line of
// standard output is the answer. The flags come from a snapshot on disk and are evaluated in this process.

/// Ends the program with a message.
func stop(_ message: String) -> Never {
  FileHandle.standardError.write(Data("checkout-service: \(message)\n".utf8))
  exit(2)
}

let arguments = CommandLine.arguments.dropFirst()
guard let path = arguments.first, arguments.count <= 2 else {
  stop("usage: checkout-service SNAPSHOT [NOW] <requests.jsonl")
}

let flags: Flags
var now: Timestamp?
do {
  flags = try Flags(snapshot: [UInt8](Data(contentsOf: URL(fileURLWithPath: path))))
  // A real service leaves the time to the clock. The example takes it as an argument so that its answers never change.
  now = try arguments.dropFirst().first.map(Timestamp.init)
} catch {
  stop("\(error)")
}

while let line = readLine() {
  do {
    var customer = try Context(json: Array(line.utf8))
    customer.now = now
    let offer = flags.offer(to: customer)
    print(
      customer.targetingKey ?? "(nobody)", offer.isOnePage ? "one-page" : "classic", flags.reasonForCheckout(customer),
      offer.paymentMethods.joined(separator: "+"), "-\(offer.discount) %", offer.reviewThreshold, separator: "\t")
  } catch {
    print("refused: \(error)")
  }
}
