using System.Net.Sockets;
using Microsoft.Extensions.Options;
using Troupe.Durable;
using Troupe.Sqlite;

namespace Troupe.Cli.Serving;

/// <summary>Says in the user's words why a server did not start.</summary>
internal static class StartupFailure
{
    /// <summary>Null where it is nothing that a user can put right.</summary>
    public static CommandException? Explain(Exception failure, ServerSettings settings) => failure switch
    {
        OptionsValidationException wrong => new CommandException(ExitCodes.Invalid, $"The configuration is wrong: {string.Join("; ", wrong.Failures)}"),
        InvalidOperationException when failure.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            new CommandException(ExitCodes.Invalid, $"The configuration is wrong: {failure.Message}"),
        ArgumentException when failure.Message.StartsWith("The engine's option", StringComparison.Ordinal) =>
            new CommandException(ExitCodes.Invalid, $"The configuration is wrong: {failure.Message}"),
        IOException when IsAddressInUse(failure) => new CommandException(
            ExitCodes.Unreachable, $"{settings.Url} is taken by another program. Choose another address with --urls, or port 0 for a free one."),
        SocketException refused => new CommandException(ExitCodes.Unreachable, $"{settings.Url} cannot be listened on: {refused.Message}."),
        SqliteSchemaTooNewException => new CommandException(ExitCodes.Unreachable, failure.Message),
        SqliteException or StoreUnavailableException => new CommandException(
            ExitCodes.Unreachable, $"The data folder {settings.Data.Path} cannot be used: {failure.Message} Restore it from a backup, or choose another with --data."),
        _ => null,
    };

    private static bool IsAddressInUse(Exception failure) =>
        failure is Microsoft.AspNetCore.Connections.AddressInUseException
        || (failure.InnerException is { } inner && IsAddressInUse(inner));
}
