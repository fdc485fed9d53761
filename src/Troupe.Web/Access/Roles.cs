namespace Troupe.Web.Access;

/// <summary>What a caller may do. Each endpoint asks for one.</summary>
[Flags]
public enum Roles
{
    None = 0,

    /// <summary>Read runs, results, agents and definitions.</summary>
    Reader = 1,

    /// <summary>Launch and steer runs.</summary>
    Operator = 2,

    /// <summary>Decide approvals.</summary>
    Approver = 4,

    /// <summary>Change agents and definitions; the durable management API.</summary>
    Admin = 8,
    All = Reader | Operator | Approver | Admin,
}
