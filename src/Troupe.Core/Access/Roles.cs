using Troupe.Core.Stores;

namespace Troupe.Core.Access;

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

    /// <summary>Change agents and definitions, keys, the durable management API; everything.</summary>
    Admin = 8,
    All = Reader | Operator | Approver | Admin,
}

public static class RolesExtensions
{
    private static readonly Roles[] Each = [Roles.Reader, Roles.Operator, Roles.Approver, Roles.Admin];

    /// <summary>With what the roles include: admin everything, operator and approver what a reader may.</summary>
    public static Roles WithImplied(this Roles roles) => roles switch
    {
        _ when roles.HasFlag(Roles.Admin) => Roles.All,
        Roles.None => Roles.None,
        _ => roles | Roles.Reader,
    };

    /// <summary>The single roles as words, least first.</summary>
    public static IReadOnlyList<string> Words(this Roles roles) =>
        [.. Each.Where(role => roles.HasFlag(role)).Select(static role => EnumWords<Roles>.Write(role))];

    /// <summary>Reads one word; nothing but the four words is one.</summary>
    public static bool TryParse(string word, out Roles role)
    {
        role = Each.FirstOrDefault(one => string.Equals(one.ToString(), word, StringComparison.OrdinalIgnoreCase));
        return role != Roles.None;
    }
}
