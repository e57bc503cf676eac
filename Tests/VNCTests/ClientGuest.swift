import Synchronization
import Testing
import VNC

/// A machine behind a scancode server: it takes the keys of a US keyboard for those of a German one.
final class ClientGuest: Sendable {
  private struct State {
    var text = ""
    var dead: Character?
    var isShifted = false
    var isAltGr = false
  }

  private let state = Mutex(State())

  /// What the guest's field shows.
  var text: String { state.withLock { $0.text } }

  /// Serves one connection until it ends.
  func serve(_ peer: ClientFakePeer) {
    peer.handshake(width: 16, height: 16, name: "QEMU (guest)")
    while let type = peer.receive(1).first {
      switch type {
      case 0: peer.receive(19)
      case 2: peer.receive((peer.receive(3).last.map(Int.init) ?? 0) * 4)
      case 3: if peer.receive(9).first == 0 { sendScreen(peer) }
      case 4:
        let message = peer.receive(7)
        guard message.count == 7 else { return }
        let keysym = message[3...].reduce(0) { $0 << 8 | UInt32($1) }
        press(keysym, isDown: message[0] == 1)
      case 5: peer.receive(5)
      default: return
      }
    }
  }

  private func sendScreen(_ peer: ClientFakePeer) {
    peer.send(
      ClientFakePeer.update(x: 0, y: 0, width: 16, height: 16, encoding: 0)
        + [UInt8](repeating: 0, count: 16 * 16 * 4))
  }

  private func press(_ keysym: UInt32, isDown: Bool) {
    state.withLock { state in
      switch keysym {
      case 0xFFE1: state.isShifted = isDown
      case 0xFE03: state.isAltGr = isDown
      case 0xFF08: if isDown { state.text = "" }
      default: if isDown { Self.write(keysym, &state) }
      }
    }
  }

  private static func write(_ keysym: UInt32, _ state: inout State) {
    guard let scalar = Unicode.Scalar(keysym), scalar.isASCII else { return }
    guard let place = place(Character(scalar)) else { return }
    let level = state.isAltGr ? altGr : state.isShifted ? shifted : plain
    let character = level[place]
    guard character != "·" else { return }
    let isDead = "^´`".contains(character)
    if let dead = state.dead {
      state.dead = nil
      state.text += character == " " ? "\(dead)" : composed(dead, character)
    } else if isDead {
      state.dead = character
    } else {
      state.text.append(character)
    }
  }

  /// QEMU looks for the key that has the character, with or without Shift.
  private static func place(_ character: Character) -> Int? {
    usPlain.firstIndex(of: character) ?? usShifted.firstIndex(of: character)
  }

  private static func composed(_ dead: Character, _ letter: Character) -> String {
    let accents: [Character: String] = ["^": "\u{302}", "´": "\u{301}", "`": "\u{300}"]
    return letter.isLetter ? "\(letter)\(accents[dead] ?? "")" : "\(dead)\(letter)"
  }

  private static let usPlain = Array("`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./ ")
  private static let usShifted = Array("~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:\"ZXCVBNM<>? ")
  private static let plain = Array("^1234567890ß´qwertzuiopü+#asdfghjklöäyxcvbnm,.- ")
  private static let shifted = Array("°!\"§$%&/()=?`QWERTZUIOPÜ*'ASDFGHJKLÖÄYXCVBNM;:_ ")
  private static let altGr = Array("··²³···{[]}\\·@·€········~··················µ··· ")
}
