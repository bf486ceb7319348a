import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Closes connections that only hold what others need. A request that goes on after its answer is read for some seconds more, so that the
/// answer arrives before the connection ends, but not for as long as somebody likes to send; an answer that nobody takes waits two minutes.
final class ConnectionEnds: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// Seconds that a body may go on after its answer, and that an answer may wait to be taken.
    static let patience: Int64 = 10, longestStall: Int64 = 120

    /// How many requests have come whole, and how many were answered whole.
    private var read = 0, answered = 0
    private var isLast = false, isDone = false
    private var limit: Scheduled<Void>?
    private var stall: Scheduled<Void>?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .end = unwrapInboundIn(data) {
            read += 1
            if read >= answered {
                limit?.cancel()
                limit = nil
                // What was said to be the last answer has been sent, and its request has ended.
                if isLast, read == answered { context.close(promise: nil) }
            }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // After the last answer there is none: what still comes is no request.
        if isDone { return promise?.fail(ChannelError.ioOnClosedChannel) ?? () }
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.kind != .informational: isLast = head.headerFields[.connection]?.lowercased() == "close"
        case .end:
            answered += 1
            isDone = isLast
        default: break
        }
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        if read < answered, limit == nil {
            let place = NIOLoopBound(context, eventLoop: context.eventLoop)
            limit = context.eventLoop.scheduleTask(in: .seconds(ConnectionEnds.patience)) { place.value.close(promise: nil) }
        }
        if isLast, read >= answered {
            let place = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.writeAndFlush(data).whenComplete { _ in place.value.close(promise: nil) }
            promise?.succeed()
        } else {
            context.write(data, promise: promise)
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            stall?.cancel()
            stall = nil
        } else if stall == nil {
            let place = NIOLoopBound(context, eventLoop: context.eventLoop)
            stall = context.eventLoop.scheduleTask(in: .seconds(ConnectionEnds.longestStall)) { place.value.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        limit?.cancel()
        stall?.cancel()
        (limit, stall) = (nil, nil)
    }
}

/// How many connections there may be at a time.
enum Connections {
    /// Files that stay free for the store, attachments and webhooks.
    private static let kept = 96

    /// As many as the system lets this program open files, but some, and 4,000 at most: beyond them new ones wait their turn.
    static func most() -> Int {
        var limit = rlimit()
        guard getrlimit(files, &limit) == 0 else { return 512 }
        if limit.rlim_cur < limit.rlim_max, limit.rlim_cur < 8192 {
            // The soft limit of many systems is 1,024.
            limit.rlim_cur = min(limit.rlim_max, 8192)
            if setrlimit(files, &limit) != 0 { _ = getrlimit(files, &limit) }
        }
        return max(16, min(4000, Int(clamping: limit.rlim_cur) - kept))
    }

    #if os(Linux)
    private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
    private static let files = RLIMIT_NOFILE
    #endif
}
