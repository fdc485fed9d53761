param name string
param planName string
param location string
param tags object

@description('The user-assigned identity, as resource and as client.')
param identityId string
param identityClientId string

param storageName string
param packageContainer string
param insightsConnectionString string

@description('Empty where callers have keys only.')
param entraClientId string
param entraIssuer string

@description('Empty where callers sign in to Entra ID only.')
param firstKey string

@description('Empty where other providers are configured.')
param openAIEndpoint string
param openAIDeployment string

@description('Empty where the storage account is the durable backend.')
param schedulerEndpoint string
param taskHubName string
param partitionCount int
param maximumInstanceCount int
param alwaysReadyInstances int
param instanceMemoryMB int
param httpPerInstanceConcurrency int
param appSettings object

var durable = 'AzureFunctionsJobHost__extensions__durableTask'
var signInSetting = 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'

resource storage 'Microsoft.Storage/storageAccounts@2024-01-01' existing = {
  name: storageName
}

var hostSettings = {
  AzureWebJobsStorage__blobServiceUri: storage.properties.primaryEndpoints.blob
  AzureWebJobsStorage__queueServiceUri: storage.properties.primaryEndpoints.queue
  AzureWebJobsStorage__tableServiceUri: storage.properties.primaryEndpoints.table
  AzureWebJobsStorage__credential: 'managedidentity'
  AzureWebJobsStorage__clientId: identityClientId
  AZURE_CLIENT_ID: identityClientId
  APPLICATIONINSIGHTS_CONNECTION_STRING: insightsConnectionString
  APPLICATIONINSIGHTS_AUTHENTICATION_STRING: 'ClientId=${identityClientId};Authorization=AAD'
  Troupe__Access__EntraId: string(!empty(entraClientId))
  Troupe__Agents__SimulateByDefault: 'false'
}

var accessSettings = union(
  empty(entraClientId) ? {} : { '${signInSetting}': identityClientId },
  empty(firstKey) ? {} : { Troupe__Access__FirstKey: firstKey }
)

// What scales the app reads the number from the hub itself.
var storageBackend = {
  '${durable}__storageProvider__partitionCount': string(partitionCount)
}

// The type stands in infra/host.scheduler.json, too; an app built without DurableTaskScheduler=true stops here rather than run on storage.
var schedulerBackend = {
  '${durable}__storageProvider__type': 'azureManaged'
  DURABLE_TASK_SCHEDULER_CONNECTION_STRING: 'Endpoint=${schedulerEndpoint};TaskHub=${taskHubName};Authentication=ManagedIdentity;ClientID=${identityClientId}'
}

var openAISettings = {
  Troupe__Agents__Provider: 'azure-openai'
  AZURE_OPENAI_ENDPOINT: openAIEndpoint
  AZURE_OPENAI_DEPLOYMENT: openAIDeployment
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: planName
  location: location
  tags: tags
  kind: 'functionapp'
  sku: {
    name: 'FC1'
    tier: 'FlexConsumption'
  }
  properties: {
    reserved: true
  }
}

resource app 'Microsoft.Web/sites@2024-04-01' = {
  name: name
  location: location
  tags: union(tags, { 'azd-service-name': 'app' })
  kind: 'functionapp,linux'
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    keyVaultReferenceIdentity: identityId
    siteConfig: {
      minTlsVersion: '1.2'
      ftpsState: 'Disabled'
      http20Enabled: true
    }
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${storage.properties.primaryEndpoints.blob}${packageContainer}'
          authentication: {
            type: 'UserAssignedIdentity'
            userAssignedIdentityResourceId: identityId
          }
        }
      }
      runtime: {
        name: 'dotnet-isolated'
        version: '10.0'
      }
      scaleAndConcurrency: {
        maximumInstanceCount: maximumInstanceCount
        instanceMemoryMB: instanceMemoryMB
        triggers: {
          http: {
            perInstanceConcurrency: httpPerInstanceConcurrency
          }
        }
        alwaysReady: alwaysReadyInstances == 0 ? [] : [
          {
            name: 'http'
            instanceCount: alwaysReadyInstances
          }
          {
            name: 'durable'
            instanceCount: alwaysReadyInstances
          }
        ]
      }
    }
  }
}

resource settings 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'appsettings'
  properties: union(
    hostSettings,
    accessSettings,
    empty(schedulerEndpoint) ? storageBackend : schedulerBackend,
    empty(openAIEndpoint) ? {} : openAISettings,
    appSettings
  )
}

// The platform checks tokens and removes forged headers; the app itself refuses who may not do a thing. Anonymous requests reach it, as
// signed status links and other systems' callbacks carry proofs of their own.
resource authentication 'Microsoft.Web/sites/config@2024-04-01' = if (!empty(entraClientId)) {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
      runtimeVersion: '~2'
    }
    globalValidation: {
      requireAuthentication: false
      unauthenticatedClientAction: 'AllowAnonymous'
    }
    identityProviders: {
      azureActiveDirectory: {
        enabled: true
        registration: {
          clientId: entraClientId
          clientSecretSettingName: signInSetting
          openIdIssuer: entraIssuer
        }
        validation: {
          allowedAudiences: [
            entraClientId
            'api://${entraClientId}'
          ]
        }
      }
    }
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
  dependsOn: [
    settings
  ]
}

resource scmPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'scm'
  properties: {
    allow: false
  }
}

resource ftpPassword 'Microsoft.Web/sites/basicPublishingCredentialsPolicies@2024-04-01' = {
  parent: app
  name: 'ftp'
  properties: {
    allow: false
  }
}

output name string = app.name
output url string = 'https://${app.properties.defaultHostName}'
