using System.Globalization;
using Troupe.Durable;

namespace Troupe.Engine.Tests.Model;

/// <summary>What a client is told, in a word that the model and the engine share.</summary>
internal static class Answers
{
    public const string Done = "done";
    public const string NotFound = "not found";
    public const string Exists = "exists already";
    public const string TooMany = "too many pending events";
    public const string DiskFailed = "disk failed";
    public const string TerminationOutput = "stopped";
    public const string SentPayload = "sent";

    public static string Is(OrchestrationRuntimeStatus status) => $"refused: it is {status}";

    public static string Deleted(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} deleted");

    public static async Task<string> OfAsync(Func<Task<string>> call)
    {
        try
        {
            return await call();
        }
        catch (OrchestrationNotFoundException)
        {
            return NotFound;
        }
        catch (OrchestrationAlreadyExistsException)
        {
            return Exists;
        }
        catch (OrchestrationInvalidStateException exception)
        {
            return Is(exception.Status);
        }
        catch (DurableLimitExceededException)
        {
            return TooMany;
        }
        catch (IOException)
        {
            return DiskFailed;
        }
    }
}
