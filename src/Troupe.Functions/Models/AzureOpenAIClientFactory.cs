using System.ClientModel.Primitives;
using Azure.AI.OpenAI;
using Azure.Core;
using OpenAI;
using OpenAI.Chat;
using Troupe.Agents.Providers.OpenAI;

namespace Troupe.Functions.Models;

/// <summary>
/// Azure OpenAI as the app's identity: <see cref="AzureOpenAIClient"/> makes the pipeline that signs requests in, and the OpenAI SDK's own
/// chat client speaks through it. The chat client of Azure.AI.OpenAI itself breaks on today's OpenAI package; see ADR 16.
/// </summary>
internal sealed class AzureOpenAIClientFactory(TokenCredential credential) : IAzureOpenAIClientFactory
{
    public ChatClient Create(string deployment, OpenAIClientOptions options)
    {
        var azure = new AzureOpenAIClient(options.Endpoint, credential, new AzureOpenAIClientOptions
        {
            Transport = options.Transport,
            RetryPolicy = options.RetryPolicy,
            NetworkTimeout = options.NetworkTimeout,
        });
        return new PipelineChatClient(azure.Pipeline, deployment, options);
    }

    private sealed class PipelineChatClient(ClientPipeline pipeline, string deployment, OpenAIClientOptions options)
        : ChatClient(pipeline, deployment, options);
}
