// Troupe as a Durable Functions app: Flex Consumption, access by identity alone, no key or secret anywhere.
targetScope = 'subscription'

@description('The name of the environment; every resource name is made from it and the subscription.')
@minLength(1)
@maxLength(40)
param environmentName string

@description('The region. It must offer Flex Consumption (az functionapp list-flexconsumption-locations).')
param location string

@description('The Entra ID app registration that callers sign in to, as its application (client) id. Without one firstKey must be given: the app does not start with no way to tell callers apart.')
param entraClientId string = ''

@description('The digest of a first key with the role admin, as troupe keys hash prints it; never the key itself.')
param firstKey string = ''

@description('The issuer of the callers\' tokens. Default: this tenant.')
param entraIssuer string = '${environment().authentication.loginEndpoint}${tenant().tenantId}/v2.0'

@description('Whether an Azure OpenAI account and a model deployment are made. Otherwise give the settings of a provider in appSettings.')
param deployOpenAI bool = false

@description('The region of Azure OpenAI, where it is another.')
param openAILocation string = location

@description('The model, its version and the deployment\'s kind and capacity in thousands of tokens a minute.')
param openAIModel object = {
  name: 'gpt-4.1-mini'
  version: '2025-04-14'
  sku: 'GlobalStandard'
  capacity: 50
}

@description('Whether the durable backend is a Durable Task Scheduler instead of the storage account.')
param deployScheduler bool = false

@description('The control queues of a new task hub in the storage account, and so the most instances that orchestrations run on: 1 to 16. It cannot be changed while runs are in flight.')
@minValue(1)
@maxValue(16)
param partitionCount int = 4

@description('The most instances of each group of functions (HTTP, durable, timer). It bounds what the app costs.')
@minValue(1)
@maxValue(1000)
param maximumInstanceCount int = 40

@description('Instances kept warm for HTTP and for durable functions each; 0 lets the app sleep. A timer still wakes it every minute.')
@minValue(0)
@maxValue(20)
param alwaysReadyInstances int = 0

@description('The memory of an instance in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

@description('The requests that an instance answers at once before there is another. An open event stream is one all the time.')
@minValue(1)
@maxValue(1000)
param httpPerInstanceConcurrency int = 100

@description('The replication of the storage account, which holds all records and histories.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param storageSku string = 'Standard_ZRS'

@description('How long logs and traces are kept, in days.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 30

@description('Further app settings. Secrets only as Key Vault references: @Microsoft.KeyVault(…).')
param appSettings object = {}

@description('Tags of every resource.')
param tags object = {}

// As in host.json: the platform scales by that file, and does not see settings that override it.
var taskHubName = 'Troupe'
var token = toLower(uniqueString(subscription().id, environmentName, location))
var allTags = union(tags, { 'azd-env-name': environmentName })

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: 'rg-${environmentName}'
  location: location
  tags: allTags
}

module identity 'modules/identity.bicep' = {
  name: 'identity'
  scope: group
  params: {
    name: 'id-troupe-${token}'
    location: location
    tags: allTags
  }
}

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    workspaceName: 'log-troupe-${token}'
    insightsName: 'appi-troupe-${token}'
    location: location
    tags: allTags
    retentionDays: logRetentionDays
    writerPrincipalId: identity.outputs.principalId
  }
}

module storage 'modules/storage.bicep' = {
  name: 'storage'
  scope: group
  params: {
    name: 'sttroupe${token}'
    location: location
    tags: allTags
    sku: storageSku
    ownerPrincipalId: identity.outputs.principalId
  }
}

module openai 'modules/openai.bicep' = if (deployOpenAI) {
  name: 'openai'
  scope: group
  params: {
    name: 'oai-troupe-${token}'
    location: openAILocation
    tags: allTags
    model: openAIModel
    userPrincipalId: identity.outputs.principalId
  }
}

module scheduler 'modules/scheduler.bicep' = if (deployScheduler) {
  name: 'scheduler'
  scope: group
  params: {
    name: 'dts-troupe-${token}'
    location: location
    tags: allTags
    taskHubName: taskHubName
    workerPrincipalId: identity.outputs.principalId
  }
}

module app 'modules/app.bicep' = {
  name: 'app'
  scope: group
  params: {
    name: 'func-troupe-${token}'
    planName: 'plan-troupe-${token}'
    location: location
    tags: allTags
    identityId: identity.outputs.id
    identityClientId: identity.outputs.clientId
    storageName: storage.outputs.name
    packageContainer: storage.outputs.packageContainer
    insightsConnectionString: monitoring.outputs.connectionString
    entraClientId: entraClientId
    entraIssuer: entraIssuer
    firstKey: firstKey
    openAIEndpoint: deployOpenAI ? openai!.outputs.endpoint : ''
    openAIDeployment: deployOpenAI ? openai!.outputs.deployment : ''
    schedulerEndpoint: deployScheduler ? scheduler!.outputs.endpoint : ''
    taskHubName: taskHubName
    partitionCount: partitionCount
    maximumInstanceCount: maximumInstanceCount
    alwaysReadyInstances: alwaysReadyInstances
    instanceMemoryMB: instanceMemoryMB
    httpPerInstanceConcurrency: httpPerInstanceConcurrency
    appSettings: appSettings
  }
}

output AZURE_LOCATION string = location
output AZURE_RESOURCE_GROUP string = group.name
output TROUPE_APP_NAME string = app.outputs.name
output TROUPE_URL string = app.outputs.url
output TROUPE_IDENTITY_CLIENT_ID string = identity.outputs.clientId
output TROUPE_IDENTITY_PRINCIPAL_ID string = identity.outputs.principalId
output TROUPE_STORAGE_NAME string = storage.outputs.name
output AZURE_OPENAI_ENDPOINT string = deployOpenAI ? openai!.outputs.endpoint : ''
