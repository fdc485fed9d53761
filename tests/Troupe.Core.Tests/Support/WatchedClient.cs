using System.Reflection;
using System.Runtime.ExceptionServices;
using Troupe.Durable;

namespace Troupe.Core.Tests.Support;

/// <summary>A client that finds instances, look by look, in the states that the test says, and from then on as they are.</summary>
public class WatchedClient : DispatchProxy
{
    private IOrchestrationClient _inner = null!;
    private Queue<OrchestrationMetadata> _looks = null!;

    public static IOrchestrationClient Of(IOrchestrationClient inner, params OrchestrationMetadata[] looks)
    {
        var proxy = Create<IOrchestrationClient, WatchedClient>();
        var watched = (WatchedClient)(object)proxy;
        (watched._inner, watched._looks) = (inner, new Queue<OrchestrationMetadata>(looks));
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IOrchestrationClient.GetInstanceAsync) && _looks.TryDequeue(out var found))
            return Task.FromResult<OrchestrationMetadata?>(found);
        try
        {
            return targetMethod.Invoke(_inner, args);
        }
        catch (TargetInvocationException exception)
        {
            ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }
}
