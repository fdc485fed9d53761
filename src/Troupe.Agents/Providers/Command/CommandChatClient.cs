using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.Extensions.AI;
using Troupe.Core.Records;

namespace Troupe.Agents.Providers.Command;

/// <summary>One run of a local program. However it ends, the program and what it started are gone afterwards.</summary>
internal sealed class CommandChatClient(IReadOnlyList<string> command, string agent, int outputLimit, TimeProvider time) : IChatClient
{
    private const int ReadSize = 64 * 1024;

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(cancellationToken);

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await using var running = RunningProgram.Start(command, agent, Transcript.Of(messages), time);
        var decoder = new UTF8Encoding(false).GetDecoder();
        var bytes = new byte[ReadSize];
        var chars = new char[Encoding.UTF8.GetMaxCharCount(ReadSize)];
        var total = 0L;
        for (int read; (read = await running.ReadAsync(bytes, cancellationToken)) > 0;)
        {
            total += read;
            if (total > outputLimit)
                throw new ProviderException(new(FailureKinds.ProcessFailed, $"'{command[0]}' wrote more than {outputLimit} bytes and was stopped. Raise {AgentsOptions.Section}:CommandOutputLimit, or let it write a file."));
            var length = decoder.GetChars(bytes, 0, read, chars, 0, flush: false);
            yield return new ChatResponseUpdate(ChatRole.Assistant, new string(chars, 0, length));
        }

        var (code, errors) = await running.WaitAsync(cancellationToken);
        if (code != 0)
            throw new ProviderException(new(FailureKinds.ProcessFailed, $"'{command[0]}' ended with exit code {code}{(errors.Length == 0 ? "." : $": {errors}")}", Retryable: true));
        yield return new ChatResponseUpdate { FinishReason = ChatFinishReason.Stop };
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }
}
