import { gatewayFields } from './gateway-fields.ts'

/**
 * The fields of each type that the lab's kinds are made of, as the API reference of Kubernetes 1.34 lists them.
 * After the colon: s string, b bool, i int32, l int64, f float, q quantity, x int or string, a anything, a type's name;
 * [] a list of it, {} a map to it.
 */
export const typeFields: Readonly<Record<string, string>> = {
  ...gatewayFields,
  AWSElasticBlockStoreVolumeSource: 'fsType:s partition:i readOnly:b volumeID:s',
  Affinity: 'nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity',
  AppArmorProfile: 'localhostProfile:s type:s',
  AttachedVolume: 'devicePath:s name:s',
  AzureDiskVolumeSource: 'cachingMode:s diskName:s diskURI:s fsType:s kind:s readOnly:b',
  AzureFileVolumeSource: 'readOnly:b secretName:s shareName:s',
  CSIVolumeSource:
    'driver:s fsType:s nodePublishSecretRef:LocalObjectReference readOnly:b volumeAttributes:{s}',
  Capabilities: 'add:[s] drop:[s]',
  CephFSVolumeSource:
    'monitors:[s] path:s readOnly:b secretFile:s secretRef:LocalObjectReference user:s',
  CinderVolumeSource: 'fsType:s readOnly:b secretRef:LocalObjectReference volumeID:s',
  ClientIPConfig: 'timeoutSeconds:i',
  ClusterTrustBundleProjection: 'labelSelector:LabelSelector name:s optional:b path:s signerName:s',
  Condition: 'lastTransitionTime:s message:s observedGeneration:l reason:s status:s type:s',
  ConfigMap: 'apiVersion:s binaryData:{s} data:{s} immutable:b kind:s metadata:ObjectMeta',
  ConfigMapEnvSource: 'name:s optional:b',
  ConfigMapKeySelector: 'key:s name:s optional:b',
  ConfigMapNodeConfigSource: 'kubeletConfigKey:s name:s namespace:s resourceVersion:s uid:s',
  ConfigMapProjection: 'items:[KeyToPath] name:s optional:b',
  ConfigMapVolumeSource: 'defaultMode:i items:[KeyToPath] name:s optional:b',
  Container:
    'args:[s] command:[s] env:[EnvVar] envFrom:[EnvFromSource] image:s imagePullPolicy:s lifecycle:Lifecycle livenessProbe:Probe name:s ports:[ContainerPort] readinessProbe:Probe resizePolicy:[ContainerResizePolicy] resources:ResourceRequirements restartPolicy:s restartPolicyRules:[ContainerRestartRule] securityContext:SecurityContext startupProbe:Probe stdin:b stdinOnce:b terminationMessagePath:s terminationMessagePolicy:s tty:b volumeDevices:[VolumeDevice] volumeMounts:[VolumeMount] workingDir:s',
  ContainerExtendedResourceRequest: 'containerName:s requestName:s resourceName:s',
  ContainerImage: 'names:[s] sizeBytes:l',
  ContainerPort: 'containerPort:i hostIP:s hostPort:i name:s protocol:s',
  ContainerResizePolicy: 'resourceName:s restartPolicy:s',
  ContainerRestartRule: 'action:s exitCodes:ContainerRestartRuleOnExitCodes',
  ContainerRestartRuleOnExitCodes: 'operator:s values:[i]',
  ContainerState:
    'running:ContainerStateRunning terminated:ContainerStateTerminated waiting:ContainerStateWaiting',
  ContainerStateRunning: 'startedAt:s',
  ContainerStateTerminated:
    'containerID:s exitCode:i finishedAt:s message:s reason:s signal:i startedAt:s',
  ContainerStateWaiting: 'message:s reason:s',
  ContainerStatus:
    'allocatedResources:{q} allocatedResourcesStatus:[ResourceStatus] containerID:s image:s imageID:s lastState:ContainerState name:s ready:b resources:ResourceRequirements restartCount:i started:b state:ContainerState stopSignal:s user:ContainerUser volumeMounts:[VolumeMountStatus]',
  ContainerUser: 'linux:LinuxContainerUser',
  ControllerRevision: 'apiVersion:s data:a kind:s metadata:ObjectMeta revision:l',
  CoreEndpointPort: 'appProtocol:s name:s port:i protocol:s',
  DaemonEndpoint: 'Port:i',
  DaemonSet: 'apiVersion:s kind:s metadata:ObjectMeta spec:DaemonSetSpec status:DaemonSetStatus',
  DaemonSetCondition: 'lastTransitionTime:s message:s reason:s status:s type:s',
  DaemonSetSpec:
    'minReadySeconds:i revisionHistoryLimit:i selector:LabelSelector template:PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy',
  DaemonSetStatus:
    'collisionCount:i conditions:[DaemonSetCondition] currentNumberScheduled:i desiredNumberScheduled:i numberAvailable:i numberMisscheduled:i numberReady:i numberUnavailable:i observedGeneration:l updatedNumberScheduled:i',
  DaemonSetUpdateStrategy: 'rollingUpdate:RollingUpdateDaemonSet type:s',
  Deployment: 'apiVersion:s kind:s metadata:ObjectMeta spec:DeploymentSpec status:DeploymentStatus',
  DeploymentCondition: 'lastTransitionTime:s lastUpdateTime:s message:s reason:s status:s type:s',
  DeploymentSpec:
    'minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i revisionHistoryLimit:i selector:LabelSelector strategy:DeploymentStrategy template:PodTemplateSpec',
  DeploymentStatus:
    'availableReplicas:i collisionCount:i conditions:[DeploymentCondition] observedGeneration:l readyReplicas:i replicas:i terminatingReplicas:i unavailableReplicas:i updatedReplicas:i',
  DeploymentStrategy: 'rollingUpdate:RollingUpdateDeployment type:s',
  DownwardAPIProjection: 'items:[DownwardAPIVolumeFile]',
  DownwardAPIVolumeFile:
    'fieldRef:ObjectFieldSelector mode:i path:s resourceFieldRef:ResourceFieldSelector',
  DownwardAPIVolumeSource: 'defaultMode:i items:[DownwardAPIVolumeFile]',
  EmptyDirVolumeSource: 'medium:s sizeLimit:q',
  Endpoint:
    'addresses:[s] conditions:EndpointConditions deprecatedTopology:{s} hints:EndpointHints hostname:s nodeName:s targetRef:ObjectReference zone:s',
  EndpointAddress: 'hostname:s ip:s nodeName:s targetRef:ObjectReference',
  EndpointConditions: 'ready:b serving:b terminating:b',
  EndpointHints: 'forNodes:[ForNode] forZones:[ForZone]',
  EndpointPort: 'appProtocol:s name:s port:i protocol:s',
  EndpointSlice:
    'addressType:s apiVersion:s endpoints:[Endpoint] kind:s metadata:ObjectMeta ports:[EndpointPort]',
  EndpointSubset:
    'addresses:[EndpointAddress] notReadyAddresses:[EndpointAddress] ports:[CoreEndpointPort]',
  Endpoints: 'apiVersion:s kind:s metadata:ObjectMeta subsets:[EndpointSubset]',
  EnvFromSource: 'configMapRef:ConfigMapEnvSource prefix:s secretRef:SecretEnvSource',
  EnvVar: 'name:s value:s valueFrom:EnvVarSource',
  EnvVarSource:
    'configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector fileKeyRef:FileKeySelector resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector',
  EphemeralContainer:
    'args:[s] command:[s] env:[EnvVar] envFrom:[EnvFromSource] image:s imagePullPolicy:s lifecycle:Lifecycle livenessProbe:Probe name:s ports:[ContainerPort] readinessProbe:Probe resizePolicy:[ContainerResizePolicy] resources:ResourceRequirements restartPolicy:s restartPolicyRules:[ContainerRestartRule] securityContext:SecurityContext startupProbe:Probe stdin:b stdinOnce:b targetContainerName:s terminationMessagePath:s terminationMessagePolicy:s tty:b volumeDevices:[VolumeDevice] volumeMounts:[VolumeMount] workingDir:s',
  EphemeralVolumeSource: 'volumeClaimTemplate:PersistentVolumeClaimTemplate',
  Event:
    'action:s apiVersion:s count:i eventTime:s firstTimestamp:s involvedObject:ObjectReference kind:s lastTimestamp:s message:s metadata:ObjectMeta reason:s related:ObjectReference reportingComponent:s reportingInstance:s series:EventSeries source:EventSource type:s',
  EventSeries: 'count:i lastObservedTime:s',
  EventSource: 'component:s host:s',
  ExecAction: 'command:[s]',
  FCVolumeSource: 'fsType:s lun:i readOnly:b targetWWNs:[s] wwids:[s]',
  FileKeySelector: 'key:s optional:b path:s volumeName:s',
  FlexVolumeSource: 'driver:s fsType:s options:{s} readOnly:b secretRef:LocalObjectReference',
  FlockerVolumeSource: 'datasetName:s datasetUUID:s',
  ForNode: 'name:s',
  ForZone: 'name:s',
  GCEPersistentDiskVolumeSource: 'fsType:s partition:i pdName:s readOnly:b',
  GRPCAction: 'port:i service:s',
  GitRepoVolumeSource: 'directory:s repository:s revision:s',
  GlusterfsVolumeSource: 'endpoints:s path:s readOnly:b',
  HTTPGetAction: 'host:s httpHeaders:[HTTPHeader] path:s port:x scheme:s',
  HTTPHeader: 'name:s value:s',
  HTTPIngressPath: 'backend:IngressBackend path:s pathType:s',
  HTTPIngressRuleValue: 'paths:[HTTPIngressPath]',
  HostAlias: 'hostnames:[s] ip:s',
  HostIP: 'ip:s',
  HostPathVolumeSource: 'path:s type:s',
  ISCSIVolumeSource:
    'chapAuthDiscovery:b chapAuthSession:b fsType:s initiatorName:s iqn:s iscsiInterface:s lun:i portals:[s] readOnly:b secretRef:LocalObjectReference targetPortal:s',
  ImageVolumeSource: 'pullPolicy:s reference:s',
  Ingress: 'apiVersion:s kind:s metadata:ObjectMeta spec:IngressSpec status:IngressStatus',
  IngressBackend: 'resource:TypedLocalObjectReference service:IngressServiceBackend',
  IngressLoadBalancerIngress: 'hostname:s ip:s ports:[IngressPortStatus]',
  IngressLoadBalancerStatus: 'ingress:[IngressLoadBalancerIngress]',
  IngressPortStatus: 'error:s port:i protocol:s',
  IngressRule: 'host:s http:HTTPIngressRuleValue',
  IngressServiceBackend: 'name:s port:ServiceBackendPort',
  IngressSpec:
    'defaultBackend:IngressBackend ingressClassName:s rules:[IngressRule] tls:[IngressTLS]',
  IngressStatus: 'loadBalancer:IngressLoadBalancerStatus',
  IngressTLS: 'hosts:[s] secretName:s',
  HorizontalPodAutoscaler:
    'apiVersion:s kind:s metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec status:a',
  HorizontalPodAutoscalerSpec:
    'behavior:a maxReplicas:i metrics:[a] minReplicas:i scaleTargetRef:CrossVersionObjectReference',
  CrossVersionObjectReference: 'apiVersion:s kind:s name:s',
  Lease: 'apiVersion:s kind:s metadata:ObjectMeta spec:LeaseSpec',
  LeaseSpec:
    'acquireTime:s holderIdentity:s leaseDurationSeconds:i leaseTransitions:i preferredHolder:s renewTime:s strategy:s',
  Job: 'apiVersion:s kind:s metadata:ObjectMeta spec:JobSpec status:JobStatus',
  JobCondition: 'lastProbeTime:s lastTransitionTime:s message:s reason:s status:s type:s',
  JobSpec:
    'activeDeadlineSeconds:l backoffLimit:i backoffLimitPerIndex:i completionMode:s completions:i managedBy:s manualSelector:b maxFailedIndexes:i parallelism:i podFailurePolicy:PodFailurePolicy podReplacementPolicy:s selector:LabelSelector successPolicy:SuccessPolicy suspend:b template:PodTemplateSpec ttlSecondsAfterFinished:i',
  JobStatus:
    'active:i completedIndexes:s completionTime:s conditions:[JobCondition] failed:i failedIndexes:s ready:i startTime:s succeeded:i terminating:i uncountedTerminatedPods:UncountedTerminatedPods',
  KeyToPath: 'key:s mode:i path:s',
  LabelSelector: 'matchExpressions:[LabelSelectorRequirement] matchLabels:{s}',
  LabelSelectorRequirement: 'key:s operator:s values:[s]',
  Lifecycle: 'postStart:LifecycleHandler preStop:LifecycleHandler stopSignal:s',
  LifecycleHandler:
    'exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction tcpSocket:TCPSocketAction',
  LinuxContainerUser: 'gid:l supplementalGroups:[l] uid:l',
  LoadBalancerIngress: 'hostname:s ip:s ipMode:s ports:[PortStatus]',
  LoadBalancerStatus: 'ingress:[LoadBalancerIngress]',
  LocalObjectReference: 'name:s',
  ManagedFieldsEntry:
    'apiVersion:s fieldsType:s fieldsV1:a manager:s operation:s subresource:s time:s',
  NFSVolumeSource: 'path:s readOnly:b server:s',
  Namespace: 'apiVersion:s kind:s metadata:ObjectMeta spec:NamespaceSpec status:NamespaceStatus',
  NamespaceCondition: 'lastTransitionTime:s message:s reason:s status:s type:s',
  NamespaceSpec: 'finalizers:[s]',
  NamespaceStatus: 'conditions:[NamespaceCondition] phase:s',
  Node: 'apiVersion:s kind:s metadata:ObjectMeta spec:NodeSpec status:NodeStatus',
  NodeAddress: 'address:s type:s',
  NodeAffinity:
    'preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm] requiredDuringSchedulingIgnoredDuringExecution:NodeSelector',
  NodeCondition: 'lastHeartbeatTime:s lastTransitionTime:s message:s reason:s status:s type:s',
  NodeConfigSource: 'configMap:ConfigMapNodeConfigSource',
  NodeConfigStatus:
    'active:NodeConfigSource assigned:NodeConfigSource error:s lastKnownGood:NodeConfigSource',
  NodeDaemonEndpoints: 'kubeletEndpoint:DaemonEndpoint',
  NodeFeatures: 'supplementalGroupsPolicy:b',
  NodeRuntimeHandler: 'features:NodeRuntimeHandlerFeatures name:s',
  NodeRuntimeHandlerFeatures: 'recursiveReadOnlyMounts:b userNamespaces:b',
  NodeSelector: 'nodeSelectorTerms:[NodeSelectorTerm]',
  NodeSelectorRequirement: 'key:s operator:s values:[s]',
  NodeSelectorTerm:
    'matchExpressions:[NodeSelectorRequirement] matchFields:[NodeSelectorRequirement]',
  NodeSpec:
    'configSource:NodeConfigSource externalID:s podCIDR:s podCIDRs:[s] providerID:s taints:[Taint] unschedulable:b',
  NodeStatus:
    'addresses:[NodeAddress] allocatable:{q} capacity:{q} conditions:[NodeCondition] config:NodeConfigStatus daemonEndpoints:NodeDaemonEndpoints features:NodeFeatures images:[ContainerImage] nodeInfo:NodeSystemInfo phase:s runtimeHandlers:[NodeRuntimeHandler] volumesAttached:[AttachedVolume] volumesInUse:[s]',
  NodeSwapStatus: 'capacity:l',
  NodeSystemInfo:
    'architecture:s bootID:s containerRuntimeVersion:s kernelVersion:s kubeProxyVersion:s kubeletVersion:s machineID:s operatingSystem:s osImage:s swap:NodeSwapStatus systemUUID:s',
  ObjectFieldSelector: 'apiVersion:s fieldPath:s',
  ObjectMeta:
    'annotations:{s} creationTimestamp:s deletionGracePeriodSeconds:l deletionTimestamp:s finalizers:[s] generateName:s generation:l labels:{s} managedFields:[ManagedFieldsEntry] name:s namespace:s ownerReferences:[OwnerReference] resourceVersion:s selfLink:s uid:s',
  ObjectReference: 'apiVersion:s fieldPath:s kind:s name:s namespace:s resourceVersion:s uid:s',
  OwnerReference: 'apiVersion:s blockOwnerDeletion:b controller:b kind:s name:s uid:s',
  PersistentVolumeClaim:
    'apiVersion:s kind:s metadata:ObjectMeta spec:PersistentVolumeClaimSpec status:a',
  PersistentVolumeClaimSpec:
    'accessModes:[s] dataSource:TypedLocalObjectReference dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements selector:LabelSelector storageClassName:s volumeAttributesClassName:s volumeMode:s volumeName:s',
  PersistentVolumeClaimTemplate: 'metadata:ObjectMeta spec:PersistentVolumeClaimSpec',
  PersistentVolumeClaimVolumeSource: 'claimName:s readOnly:b',
  PhotonPersistentDiskVolumeSource: 'fsType:s pdID:s',
  Pod: 'apiVersion:s kind:s metadata:ObjectMeta spec:PodSpec status:PodStatus',
  PodAffinity:
    'preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm] requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]',
  PodAffinityTerm:
    'labelSelector:LabelSelector matchLabelKeys:[s] mismatchLabelKeys:[s] namespaceSelector:LabelSelector namespaces:[s] topologyKey:s',
  PodAntiAffinity:
    'preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm] requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm]',
  PodCertificateProjection:
    'certificateChainPath:s credentialBundlePath:s keyPath:s keyType:s maxExpirationSeconds:i signerName:s',
  PodCondition:
    'lastProbeTime:s lastTransitionTime:s message:s observedGeneration:l reason:s status:s type:s',
  PodDNSConfig: 'nameservers:[s] options:[PodDNSConfigOption] searches:[s]',
  PodDNSConfigOption: 'name:s value:s',
  PodDisruptionBudget:
    'apiVersion:s kind:s metadata:ObjectMeta spec:PodDisruptionBudgetSpec status:PodDisruptionBudgetStatus',
  PodDisruptionBudgetSpec:
    'maxUnavailable:x minAvailable:x selector:LabelSelector unhealthyPodEvictionPolicy:s',
  PodDisruptionBudgetStatus:
    'conditions:[Condition] currentHealthy:i desiredHealthy:i disruptedPods:{s} disruptionsAllowed:i expectedPods:i observedGeneration:l',
  PodExtendedResourceClaimStatus:
    'requestMappings:[ContainerExtendedResourceRequest] resourceClaimName:s',
  PodFailurePolicy: 'rules:[PodFailurePolicyRule]',
  PodFailurePolicyOnExitCodesRequirement: 'containerName:s operator:s values:[i]',
  PodFailurePolicyOnPodConditionsPattern: 'status:s type:s',
  PodFailurePolicyRule:
    'action:s onExitCodes:PodFailurePolicyOnExitCodesRequirement onPodConditions:[PodFailurePolicyOnPodConditionsPattern]',
  PodIP: 'ip:s',
  PodOS: 'name:s',
  PodReadinessGate: 'conditionType:s',
  PodResourceClaim: 'name:s resourceClaimName:s resourceClaimTemplateName:s',
  PodResourceClaimStatus: 'name:s resourceClaimName:s',
  PodSchedulingGate: 'name:s',
  PodSecurityContext:
    'appArmorProfile:AppArmorProfile fsGroup:l fsGroupChangePolicy:s runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxChangePolicy:s seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile supplementalGroups:[l] supplementalGroupsPolicy:s sysctls:[Sysctl] windowsOptions:WindowsSecurityContextOptions',
  PodSpec:
    'activeDeadlineSeconds:l affinity:Affinity automountServiceAccountToken:b containers:[Container] dnsConfig:PodDNSConfig dnsPolicy:s enableServiceLinks:b ephemeralContainers:[EphemeralContainer] hostAliases:[HostAlias] hostIPC:b hostNetwork:b hostPID:b hostUsers:b hostname:s hostnameOverride:s imagePullSecrets:[LocalObjectReference] initContainers:[Container] nodeName:s nodeSelector:{s} os:PodOS overhead:{q} preemptionPolicy:s priority:i priorityClassName:s readinessGates:[PodReadinessGate] resourceClaims:[PodResourceClaim] resources:ResourceRequirements restartPolicy:s runtimeClassName:s schedulerName:s schedulingGates:[PodSchedulingGate] securityContext:PodSecurityContext serviceAccount:s serviceAccountName:s setHostnameAsFQDN:b shareProcessNamespace:b subdomain:s terminationGracePeriodSeconds:l tolerations:[Toleration] topologySpreadConstraints:[TopologySpreadConstraint] volumes:[Volume]',
  PodStatus:
    'conditions:[PodCondition] containerStatuses:[ContainerStatus] ephemeralContainerStatuses:[ContainerStatus] extendedResourceClaimStatus:PodExtendedResourceClaimStatus hostIP:s hostIPs:[HostIP] initContainerStatuses:[ContainerStatus] message:s nominatedNodeName:s observedGeneration:l phase:s podIP:s podIPs:[PodIP] qosClass:s reason:s resize:s resourceClaimStatuses:[PodResourceClaimStatus] startTime:s',
  PodTemplateSpec: 'metadata:ObjectMeta spec:PodSpec',
  PortStatus: 'error:s port:i protocol:s',
  PortworxVolumeSource: 'fsType:s readOnly:b volumeID:s',
  PreferredSchedulingTerm: 'preference:NodeSelectorTerm weight:i',
  Probe:
    'exec:ExecAction failureThreshold:i grpc:GRPCAction httpGet:HTTPGetAction initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket:TCPSocketAction terminationGracePeriodSeconds:l timeoutSeconds:i',
  ProjectedVolumeSource: 'defaultMode:i sources:[VolumeProjection]',
  QuobyteVolumeSource: 'group:s readOnly:b registry:s tenant:s user:s volume:s',
  RBDVolumeSource:
    'fsType:s image:s keyring:s monitors:[s] pool:s readOnly:b secretRef:LocalObjectReference user:s',
  ReplicaSet: 'apiVersion:s kind:s metadata:ObjectMeta spec:ReplicaSetSpec status:ReplicaSetStatus',
  ReplicaSetCondition: 'lastTransitionTime:s message:s reason:s status:s type:s',
  ReplicaSetSpec: 'minReadySeconds:i replicas:i selector:LabelSelector template:PodTemplateSpec',
  ReplicaSetStatus:
    'availableReplicas:i conditions:[ReplicaSetCondition] fullyLabeledReplicas:i observedGeneration:l readyReplicas:i replicas:i terminatingReplicas:i',
  ResourceClaim: 'name:s request:s',
  ResourceFieldSelector: 'containerName:s divisor:q resource:s',
  ResourceHealth: 'health:s resourceID:s',
  ResourceRequirements: 'claims:[ResourceClaim] limits:{q} requests:{q}',
  ResourceStatus: 'name:s resources:[ResourceHealth]',
  RollingUpdateDaemonSet: 'maxSurge:x maxUnavailable:x',
  RollingUpdateDeployment: 'maxSurge:x maxUnavailable:x',
  RollingUpdateStatefulSetStrategy: 'maxUnavailable:x partition:i',
  SELinuxOptions: 'level:s role:s type:s user:s',
  ScaleIOVolumeSource:
    'fsType:s gateway:s protectionDomain:s readOnly:b secretRef:LocalObjectReference sslEnabled:b storageMode:s storagePool:s system:s volumeName:s',
  SeccompProfile: 'localhostProfile:s type:s',
  SecretEnvSource: 'name:s optional:b',
  SecretKeySelector: 'key:s name:s optional:b',
  SecretProjection: 'items:[KeyToPath] name:s optional:b',
  SecretVolumeSource: 'defaultMode:i items:[KeyToPath] optional:b secretName:s',
  SecurityContext:
    'allowPrivilegeEscalation:b appArmorProfile:AppArmorProfile capabilities:Capabilities privileged:b procMount:s readOnlyRootFilesystem:b runAsGroup:l runAsNonRoot:b runAsUser:l seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile windowsOptions:WindowsSecurityContextOptions',
  Service: 'apiVersion:s kind:s metadata:ObjectMeta spec:ServiceSpec status:ServiceStatus',
  ServiceAccount:
    'apiVersion:s automountServiceAccountToken:b imagePullSecrets:[LocalObjectReference] kind:s metadata:ObjectMeta secrets:[ObjectReference]',
  ServiceAccountTokenProjection: 'audience:s expirationSeconds:l path:s',
  ServiceBackendPort: 'name:s number:i',
  ServicePort: 'appProtocol:s name:s nodePort:i port:i protocol:s targetPort:x',
  ServiceSpec:
    'allocateLoadBalancerNodePorts:b clusterIP:s clusterIPs:[s] externalIPs:[s] externalName:s externalTrafficPolicy:s healthCheckNodePort:i internalTrafficPolicy:s ipFamilies:[s] ipFamilyPolicy:s loadBalancerClass:s loadBalancerIP:s loadBalancerSourceRanges:[s] ports:[ServicePort] publishNotReadyAddresses:b selector:{s} sessionAffinity:s sessionAffinityConfig:SessionAffinityConfig trafficDistribution:s type:s',
  ServiceStatus: 'conditions:[Condition] loadBalancer:LoadBalancerStatus',
  SessionAffinityConfig: 'clientIP:ClientIPConfig',
  SleepAction: 'seconds:l',
  StatefulSet:
    'apiVersion:s kind:s metadata:ObjectMeta spec:StatefulSetSpec status:StatefulSetStatus',
  StatefulSetCondition: 'lastTransitionTime:s message:s reason:s status:s type:s',
  StatefulSetOrdinals: 'start:i',
  StatefulSetPersistentVolumeClaimRetentionPolicy: 'whenDeleted:s whenScaled:s',
  StatefulSetSpec:
    'minReadySeconds:i ordinals:StatefulSetOrdinals persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy:s replicas:i revisionHistoryLimit:i selector:LabelSelector serviceName:s template:PodTemplateSpec updateStrategy:StatefulSetUpdateStrategy volumeClaimTemplates:[PersistentVolumeClaim]',
  StatefulSetStatus:
    'availableReplicas:i collisionCount:i conditions:[StatefulSetCondition] currentReplicas:i currentRevision:s observedGeneration:l readyReplicas:i replicas:i updateRevision:s updatedReplicas:i',
  StatefulSetUpdateStrategy: 'rollingUpdate:RollingUpdateStatefulSetStrategy type:s',
  StorageOSVolumeSource:
    'fsType:s readOnly:b secretRef:LocalObjectReference volumeName:s volumeNamespace:s',
  SuccessPolicy: 'rules:[SuccessPolicyRule]',
  SuccessPolicyRule: 'succeededCount:i succeededIndexes:s',
  Sysctl: 'name:s value:s',
  TCPSocketAction: 'host:s port:x',
  Taint: 'effect:s key:s timeAdded:s value:s',
  Toleration: 'effect:s key:s operator:s tolerationSeconds:l value:s',
  TopologySpreadConstraint:
    'labelSelector:LabelSelector matchLabelKeys:[s] maxSkew:i minDomains:i nodeAffinityPolicy:s nodeTaintsPolicy:s topologyKey:s whenUnsatisfiable:s',
  TypedLocalObjectReference: 'apiGroup:s kind:s name:s',
  TypedObjectReference: 'apiGroup:s kind:s name:s namespace:s',
  UncountedTerminatedPods: 'failed:[s] succeeded:[s]',
  Volume:
    'awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource azureFile:AzureFileVolumeSource cephfs:CephFSVolumeSource cinder:CinderVolumeSource configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource emptyDir:EmptyDirVolumeSource ephemeral:EphemeralVolumeSource fc:FCVolumeSource flexVolume:FlexVolumeSource flocker:FlockerVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource gitRepo:GitRepoVolumeSource glusterfs:GlusterfsVolumeSource hostPath:HostPathVolumeSource image:ImageVolumeSource iscsi:ISCSIVolumeSource name:s nfs:NFSVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource projected:ProjectedVolumeSource quobyte:QuobyteVolumeSource rbd:RBDVolumeSource scaleIO:ScaleIOVolumeSource secret:SecretVolumeSource storageos:StorageOSVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource',
  VolumeDevice: 'devicePath:s name:s',
  VolumeMount:
    'mountPath:s mountPropagation:s name:s readOnly:b recursiveReadOnly:s subPath:s subPathExpr:s',
  VolumeMountStatus: 'mountPath:s name:s readOnly:b recursiveReadOnly:s',
  VolumeProjection:
    'clusterTrustBundle:ClusterTrustBundleProjection configMap:ConfigMapProjection downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection secret:SecretProjection serviceAccountToken:ServiceAccountTokenProjection',
  VolumeResourceRequirements: 'limits:{q} requests:{q}',
  VsphereVirtualDiskVolumeSource: 'fsType:s storagePolicyID:s storagePolicyName:s volumePath:s',
  WeightedPodAffinityTerm: 'podAffinityTerm:PodAffinityTerm weight:i',
  WindowsSecurityContextOptions:
    'gmsaCredentialSpec:s gmsaCredentialSpecName:s hostProcess:b runAsUserName:s',
}
