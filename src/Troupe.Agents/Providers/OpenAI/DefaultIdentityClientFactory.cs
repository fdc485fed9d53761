using System.ClientModel.Primitives;
using Azure.Identity;
using OpenAI;
using OpenAI.Chat;

namespace Troupe.Agents.Providers.OpenAI;

/// <summary>Calls as whoever the machine or the signed-in developer is.</summary>
internal sealed class DefaultIdentityClientFactory : IAzureOpenAIClientFactory
{
    private const string Scope = "https://cognitiveservices.azure.com/.default";

    public ChatClient Create(string deployment, OpenAIClientOptions options) =>
        new(deployment, new BearerTokenPolicy(new DefaultAzureCredential(), Scope), options);
}
