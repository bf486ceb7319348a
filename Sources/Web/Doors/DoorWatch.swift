import NIOCore
import Synchronization

/// Closes a connection whose other side says nothing for long, or does not take what it is sent.
final class DoorWatch: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var silence: Scheduled<Void>?
    private var stall: Scheduled<Void>?

    func handlerAdded(context: ChannelHandlerContext) { listen(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        listen(context)
        context.fireChannelRead(data)
    }

    private func listen(_ context: ChannelHandlerContext) {
        silence?.cancel()
        silence = close(context, in: DoorLimits.silence)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stall?.cancel()
        stall = context.channel.isWritable ? nil : close(context, in: DoorLimits.stall)
        context.fireChannelWritabilityChanged()
    }

    private func close(_ context: ChannelHandlerContext, in seconds: Int64) -> Scheduled<Void> {
        let place = NIOLoopBound(context, eventLoop: context.eventLoop)
        return context.eventLoop.scheduleTask(in: .seconds(seconds)) { place.value.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        silence?.cancel()
        stall?.cancel()
        (silence, stall) = (nil, nil)
    }
}

/// How many connections there are, and from where.
final class DoorGuests: Sendable {
    private let counts = Mutex<[String: Int]>([:])

    /// False when there are too many.
    func enter(_ address: String) -> Bool {
        counts.withLock { counts in
            guard counts.values.reduce(0, +) < DoorLimits.connections, counts[address, default: 0] < DoorLimits.connectionsOfOne else { return false }
            counts[address, default: 0] += 1
            return true
        }
    }

    func leave(_ address: String) {
        counts.withLock { counts in
            let left = (counts[address] ?? 1) - 1
            counts[address] = left > 0 ? left : nil
        }
    }
}

/// How fast one connection may send: what comes faster waits in the network.
final class DoorPace: Sendable {
    private let state = Mutex((left: DoorLimits.burst, at: ContinuousClock.now))

    func take(_ bytes: Int) async throws {
        let wait = state.withLock { state in
            let now = ContinuousClock.now, passed = (now - state.at) / .seconds(1)
            state.left = min(DoorLimits.burst, state.left + passed * DoorLimits.bytesPerSecond) - Double(bytes)
            state.at = now
            return state.left < 0 ? -state.left / DoorLimits.bytesPerSecond : 0
        }
        if wait > 0 { try await Task.sleep(for: .seconds(wait)) }
    }
}
