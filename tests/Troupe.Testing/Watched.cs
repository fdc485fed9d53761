using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;

namespace Troupe.Testing;

/// <summary>A port whose calls a test sees, and lets fail where it wants to.</summary>
public class Watched<T> : DispatchProxy
    where T : class
{
    private T _inner = null!;
    private Action<string> _onCall = null!;

    /// <param name="inner">Does the work.</param>
    /// <param name="onCall">Told of each call by the member's name before it is done; what this throws, the call throws.</param>
    public static T Of(T inner, Action<string> onCall)
    {
        var proxy = Create<T, Watched<T>>();
        var watched = (Watched<T>)(object)proxy;
        (watched._inner, watched._onCall) = (inner, onCall);
        return proxy;
    }

    /// <summary>Puts one in front of the instance that is registered.</summary>
    public static void Replace(IServiceCollection services, Action<string> onCall) =>
        services.AddSingleton(Of((T)services.Last(static service => service.ServiceType == typeof(T)).ImplementationInstance!, onCall));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _onCall(targetMethod!.Name);
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
