using System.Net.Sockets;
using Azure;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using Microsoft.Extensions.Logging.Abstractions;
using Troupe.Durable;
using Troupe.Functions.Storage;

namespace Troupe.Functions.Tests.Storage;

public sealed class StoreOutageTests
{
    [Theory]
    [InlineData(503)]
    [InlineData(500)]
    [InlineData(429)]
    public async Task Request_AnsweredWithAnOutage_IsTheStoresNotAvailable(int status)
    {
        var unavailable = await Assert.ThrowsAsync<StoreUnavailableException>(() => SendAsync(Answer(status)));

        Assert.Contains($"account.table.core.windows.net answers {status}", unavailable.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(412)]
    [InlineData(403)]
    public async Task Request_AnsweredOtherwise_IsLeftToTheCaller(int status) => Assert.Equal(status, await SendAsync(Answer(status)));

    [Fact]
    public async Task Request_NeverAnswered_IsTheStoresNotAvailableAndSaysWhy()
    {
        var tries = new AggregateException(new RequestFailedException("first"), new RequestFailedException("Connection refused", new SocketException()));

        var unavailable = await Assert.ThrowsAsync<StoreUnavailableException>(() => SendAsync(_ => throw tries));

        Assert.Contains("Connection refused", unavailable.Reason, StringComparison.Ordinal);
        Assert.Same(tries, unavailable.InnerException);
    }

    [Fact]
    public async Task Request_WithoutAToken_TellsNothingOfTheIdentity()
    {
        var failed = new AggregateException(new AuthenticationFailedException("No identity 11111111-2222 in tenant t at http://169.254.129.2:8081."));

        var unavailable = await Assert.ThrowsAsync<StoreUnavailableException>(() => SendAsync(_ => throw failed));

        Assert.Equal("The storage account at account.table.core.windows.net could not be reached: the app's identity was given no token.", unavailable.Reason);
        Assert.Same(failed, unavailable.InnerException);
    }

    [Fact]
    public async Task Request_GivenUpByItsCaller_IsCancelled()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => SendAsync(_ => throw new OperationCanceledException(cancelled.Token), cancelled.Token));
    }

    [Fact]
    public async Task Request_BrokenByABug_IsThatBug() =>
        await Assert.ThrowsAsync<ArgumentException>(() => SendAsync(_ => throw new ArgumentException("a bug")));

    private static Action<HttpMessage> Answer(int status) => message => message.Response = new EmptyResponse(status);

    private static async Task<int> SendAsync(Action<HttpMessage> answer, CancellationToken cancellationToken = default)
    {
        var pipeline = new HttpPipeline(new Transport(answer), [new StoreOutage(NullLogger<StoreOutage>.Instance)]);
        using var message = pipeline.CreateMessage();
        message.Request.Uri.Reset(new Uri("https://account.table.core.windows.net/T"));
        await pipeline.SendAsync(message, cancellationToken);
        return message.Response.Status;
    }

    private sealed class Transport(Action<HttpMessage> answer) : HttpPipelineTransport
    {
        public override Request CreateRequest() => new HttpClientTransport().CreateRequest();

        public override void Process(HttpMessage message) => answer(message);

        public override ValueTask ProcessAsync(HttpMessage message)
        {
            answer(message);
            return ValueTask.CompletedTask;
        }
    }

    private sealed class EmptyResponse(int status) : Response
    {
        public override int Status => status;

        public override string ReasonPhrase => "";

        public override Stream? ContentStream { get; set; }

        public override string ClientRequestId { get; set; } = "";

        public override void Dispose()
        {
        }

        protected override bool ContainsHeader(string name) => false;

        protected override IEnumerable<HttpHeader> EnumerateHeaders() => [];

        protected override bool TryGetHeader(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? value)
        {
            value = null;
            return false;
        }

        protected override bool TryGetHeaderValues(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IEnumerable<string>? values)
        {
            values = null;
            return false;
        }
    }
}
