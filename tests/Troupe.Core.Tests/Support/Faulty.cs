using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.DependencyInjection;

namespace Troupe.Core.Tests.Support;

/// <summary>A port some of whose members fail when the test says so.</summary>
public class Faulty<T> : DispatchProxy
    where T : class
{
    private T _inner = null!;
    private Func<string, Exception?> _fails = null!;

    /// <param name="inner">Does the work.</param>
    /// <param name="fails">Asked at each call, by the member's name.</param>
    public static T Of(T inner, Func<string, Exception?> fails)
    {
        var proxy = Create<T, Faulty<T>>();
        var faulty = (Faulty<T>)(object)proxy;
        (faulty._inner, faulty._fails) = (inner, fails);
        return proxy;
    }

    /// <summary>Puts one in front of the instance that is registered.</summary>
    public static void Replace(IServiceCollection services, Func<string, Exception?> fails) =>
        services.AddSingleton(Of((T)services.Last(static service => service.ServiceType == typeof(T)).ImplementationInstance!, fails));

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (_fails(targetMethod!.Name) is { } failure) throw failure;
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
