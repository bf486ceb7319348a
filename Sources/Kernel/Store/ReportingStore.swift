/// A store whose tables reporting tools can read, each by a login of its own. SQLite has no logins.
public protocol ReportingStore: Store {
    /// Makes a login that may connect and read nothing yet; one that is there is taken as it is when it has no rights of its own.
    /// - Parameters:
    ///   - password: nil: none is set.
    ///   - administrator: the address by which logins are made; nil: the store's own.
    /// - Returns: whether the login was made, and so may be dropped one day.
    func openReporting(_ login: String, password: String?, by administrator: String?) async throws -> Bool
    /// Takes everything from a login and ends what it is doing.
    /// - Parameter isDropped: the login itself goes too.
    func closeReporting(_ login: String, isDropped: Bool, by administrator: String?) async throws
    /// Makes the login's views what they should be, in one transaction; a login that is not there is passed over.
    /// - Parameter views: works them out from the database as it is in that transaction.
    /// - Returns: whether anything changed.
    func keepReporting(for login: String, _ views: @escaping @Sendable (any StoreReader) throws -> [ReportingView]) async throws -> Bool
    /// The names of the views that a login has; nil when there is no such login.
    func reportingViews(of login: String) async throws -> [String]?
}

/// What a login may read of one record type: which records, and which of their fields.
public struct ReportingView: Sendable {
    public let schema: Schema
    /// Resolved for the person.
    public let condition: Condition
    public let fields: [FieldSchema]
}

/// Why a login cannot be had, in terms the administrator can act on.
public enum ReportingFault: Error, Sendable, Hashable {
    /// Who runs the platform may not make logins: what somebody who may should run.
    case mayNotMakeLogins(String)
    /// The login may do more than read its views.
    case hasRights(String)
    /// The name is not one: a small letter, then small letters, digits and underscores, 40 at most.
    case noName(String)
    /// The schema of its views belongs to somebody else.
    case schemaTaken(String)
    /// The login stands for another person.
    case taken(String)
    /// The login, or its grant, is not there.
    case missing(String)
    /// The database has no logins.
    case noLogins
}
