using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;
using Troupe.Functions.Hosting;
using Troupe.Web.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
WorkerConsole.Add(builder.Logging);
Composition.Add(builder.Services, builder.Configuration);
using var host = builder.Build();
UnknownKeys.Warn(host.Services);
await host.RunAsync();
