param name string
param location string
param tags object
param taskHubName string

@description('Who runs the orchestrations.')
param workerPrincipalId string

@description('Addresses that may reach the scheduler; calls need the role below in any case. An empty list lets nobody in.')
param ipAllowlist array = [
  '0.0.0.0/0'
]

// Durable Task Data Contributor
var workerRole = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '0ad04412-c4d5-4796-b79c-f76d14c8d402')

resource scheduler 'Microsoft.DurableTask/schedulers@2025-11-01' = {
  name: name
  location: location
  tags: tags
  properties: {
    ipAllowlist: ipAllowlist
    sku: {
      name: 'Consumption'
    }
  }
}

resource hub 'Microsoft.DurableTask/schedulers/taskHubs@2025-11-01' = {
  parent: scheduler
  name: taskHubName
}

resource worker 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(scheduler.id, workerPrincipalId, workerRole)
  scope: scheduler
  properties: {
    roleDefinitionId: workerRole
    principalId: workerPrincipalId
    principalType: 'ServicePrincipal'
  }
}

output endpoint string = scheduler.properties.endpoint
