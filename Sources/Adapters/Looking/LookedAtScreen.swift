internal import Driving
internal import Imaging
internal import Platform
public import Pixels
internal import Recording
internal import Runner
public import Scenario
internal import Story

/// Where a look gets its picture from.
public enum LookedAtScreen {
  /// The picture of a file.
  public static func frame(ofFile path: String) throws(PictureEyes.Failure) -> Frame {
    let bytes: [UInt8]
    do {
      bytes = try Files.read(path, limit: PNG.defaultLimit)
    } catch {
      throw PictureEyes.Failure(description: "\(path) cannot be read: \(error)")
    }
    do throws(ImagingError) {
      return try PNG.decode(bytes)
    } catch {
      throw PictureEyes.Failure(description: "\(path) is no PNG picture: \(error)")
    }
  }

  /// What a target shows when it has come to rest; a private desktop is started and ended for it.
  ///
  /// - Parameter secrets: the values of the secrets that the target needs, by name.
  public static func frame(
    of testCase: Case, secrets: [String: String], settings: PortSettings
  ) async throws(PictureEyes.Failure) -> Frame {
    do {
      let folder = try TemporaryFolder(prefix: "qa-agent-look")
      var request = RunRequest(cases: [testCase], output: folder.path)
      request.secrets = secrets
      let ports = await settings.prepare(request, in: RunFolder(path: folder.path)) { _ in }
      let (screen, host) = try ports.target(of: testCase, attempt: 1)
      let frame: Result<Frame, Fault>
      do throws(Fault) {
        _ = try await screen.prepare()
        frame = .success(try await screen.frame(settled: true))
      } catch {
        frame = .failure(error)
      }
      await screen.close()
      await host?.close()
      return try frame.get()
    } catch let error as Fault {
      throw PictureEyes.Failure(description: error.message)
    } catch {
      throw PictureEyes.Failure(description: "\(error)")
    }
  }
}

extension ScreenLook {
  /// A part of the picture as a PNG file, to be looked for, and where it is found on the same picture.
  ///
  /// - Throws: where the part is not on the picture, or too small or too plain to be looked for.
  public func needle(
    _ part: PixelRect
  ) throws(PictureEyes.Failure) -> (png: [UInt8], places: [PixelRect]) {
    guard let cut = frame.cropped(to: part), frame.size.bounds.intersection(part) == part else {
      throw PictureEyes.Failure(
        description: "\(part) is not on the picture, which is \(frame.size)")
    }
    do throws(ImagingError) {
      let png = try PNG.encode(cut)
      let search = TemplateSearch(try Needle(png: png), rule: TemplateSearch.Rule())
      switch search.search(frame, in: nil, near: nil) {
      case .found(let place): return (png, [place.rect])
      case .ambiguous(let places): return (png, places.map(\.rect))
      case .absent: return (png, [])
      }
    } catch {
      throw PictureEyes.Failure(description: "\(part) cannot be looked for: \(error)")
    }
  }

  /// The picture as a PNG file.
  public func png() throws(PictureEyes.Failure) -> [UInt8] {
    do throws(ImagingError) {
      return try PNG.encode(frame)
    } catch {
      throw PictureEyes.Failure(description: "the picture cannot be written: \(error)")
    }
  }
}
