using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;
using Troupe.Functions.Adapter;
using Troupe.Web.Hosting;

namespace Troupe.Functions.Http;

/// <summary>
/// Answers any request of the HTTP surface with the handlers that the embedded host maps, behind the same guards and the same roles. Which
/// function a request came by makes no difference to its answer.
/// </summary>
public sealed class ApiPipeline : IResult
{
    private readonly RequestDelegate _answer;
    private readonly DurableClientSource _clients;

    public ApiPipeline(IServiceProvider services, DurableClientSource clients)
    {
        var app = new ApplicationBuilder(services);
        app.UseTroupe();
        app.UseEndpoints(static endpoints => endpoints.MapTroupe());
        _answer = app.Build();
        _clients = clients;
    }

    /// <summary>What a function returns, so that the request is answered after it.</summary>
    public IResult Answer(HttpRequest request, DurableTaskClient client)
    {
        // The platform has routed to the function; within it the request is routed anew.
        request.HttpContext.SetEndpoint(null);
        request.RouteValues.Clear();
        _clients.Use(client);
        return this;
    }

    public Task ExecuteAsync(HttpContext httpContext) => _answer(httpContext);
}
