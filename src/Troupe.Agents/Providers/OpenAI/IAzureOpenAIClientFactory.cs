using OpenAI;
using OpenAI.Chat;

namespace Troupe.Agents.Providers.OpenAI;

/// <summary>Makes the clients of Azure OpenAI's deployments that are called by identity, because no key is configured.</summary>
public interface IAzureOpenAIClientFactory
{
    /// <summary>A client of one deployment; made once for each, on its first call.</summary>
    /// <param name="options">
    /// The address of the resource's API, for example <c>https://name.openai.azure.com/openai/v1/</c>; connections, retries and timeouts as
    /// all providers have them.
    /// </param>
    ChatClient Create(string deployment, OpenAIClientOptions options);
}
